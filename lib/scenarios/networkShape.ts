import type {
  BandwidthSpec,
  JitterSpec,
  LatencySpec,
  LinkSpec,
  LossSpec,
  NetworkSpec,
  OneWayLatency,
  RoundTripLatency,
  TransportSpec,
} from "../simulation/networkSpec.ts";
import { linkScopes, linuxStream } from "../simulation/networkSpec.ts";
import { alternative, choice, either, list, record } from "./shapes/compoundShapes.ts";
import { duration, integer, number, oneOf, share, text } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { latencyDistribution } from "./shapes/timeShapes.ts";

const regionNames = list(text(), { min: 1 });
const matrix = list(list(duration(), { min: 1 }), { min: 1 });
const speed = number({ min: 0, exclusiveMin: true });

const jitter: Shape<JitterSpec> = record({
  kind: field(oneOf(["factor", "added"]), "Times a draw without unit, or plus a draw in ms."),
  distribution: field(latencyDistribution, "What is drawn."),
});

const regionFields = {
  regions: field(regionNames, "Names of rows and columns."),
  jitter: optional(jitter, "How single messages differ from the matrix; absent: not at all."),
  withinRegion: optional(
    latencyDistribution,
    "One-way latency within a region, ms; absent: the diagonal of the matrix.",
  ),
};

const regional = choice<RoundTripLatency | OneWayLatency>({
  roundTrips: alternative("Measured round trips, of which each direction takes half.", {
    roundTripMs: field(matrix, "From the region of the row to that of the column and back."),
    ...regionFields,
  }),
  oneWays: alternative("One-way delays.", {
    oneWayMs: field(matrix, "From the region of the row to that of the column."),
    ...regionFields,
  }),
});

const regionalKinds: readonly unknown[] = ["roundTrips", "oneWays"];

/** Latency by regions, or one distribution for all. */
export const latency: Shape<LatencySpec> = either(
  (value) => regionalKinds.includes((value as { readonly kind?: unknown } | null)?.kind),
  regional,
  latencyDistribution,
);

const loss = choice<LossSpec>({
  independent: alternative("Each message on its own.", {
    probability: field(share, "Of a message being lost."),
  }),
  bursts: alternative("In bursts: a link is in a good or a bad state (Gilbert, Elliott).", {
    enterProbability: field(share, "That the good state ends after a message."),
    leaveProbability: field(
      number({ min: 0, max: 1, exclusiveMin: true }),
      "That the bad state ends after a message.",
    ),
    lossWhenGood: field(share, "Of a message being lost in the good state."),
    lossWhenBad: field(share, "Of a message being lost in the bad state."),
  }),
});

const { kind: _kind, ...streamDefaults } = linuxStream;
const transport = choice<TransportSpec>({
  datagram: alternative("Each message on its own; they overtake each other.", {}),
  stream: alternative(
    "One connection per directed link, in order, as TCP does it.",
    {
      retransmitMs: field(duration({ positive: true }), "First timeout."),
      retransmitMsMax: field(duration({ positive: true }), "Largest timeout."),
      giveUpMs: field(
        duration({ positive: true, isEndless: true }),
        "Time without success after which the connection breaks; null: it never does.",
      ),
    },
    streamDefaults,
  ),
});

const bandwidth: Shape<BandwidthSpec> = record({
  kind: field(
    oneOf(["link", "sender"]),
    "Each directed link on its own, or all that leaves a node.",
  ),
  bytesPerMs: field(speed, "Speed; 125 is 1 Mbit/s."),
});

const linkEnd: Shape<number | string> = either(
  (value) => typeof value === "number",
  integer({ min: 0 }),
  text(),
);

const link: Shape<LinkSpec> = record({
  from: optional(linkEnd, "Sender: number of a node, or name of a region; absent: any."),
  to: optional(linkEnd, "Receiver: number of a node, or name of a region; absent: any."),
  scope: optional(oneOf(linkScopes), "Only links within a region, or only between two."),
  latency: optional(latencyDistribution, "One-way latency, ms."),
  loss: optional(loss, "Messages lost by chance."),
  duplicateProbability: optional(share, "Of a message arriving twice."),
  bytesPerMs: optional(speed, "Speed of the link."),
});

/** What connects the nodes. */
export const network: Shape<NetworkSpec> = record<NetworkSpec>(
  {
    latency: field(latency, "One-way latency, ms."),
    loss: optional(loss, "Messages lost by chance; absent: none."),
    duplicateProbability: optional(share, "Of a message arriving twice; needs datagrams."),
    transport: optional(transport, "What the protocols use to send; absent: datagrams."),
    bandwidth: optional(bandwidth, "Speed of sending; absent: size does not matter."),
    links: optional(list(link, { min: 1 }), "Links that differ."),
  },
  { latency: { kind: "exponential", meanMs: 1 } },
);
