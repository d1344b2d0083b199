import type {
  CutLinks,
  FaultAction,
  FaultDuration,
  FaultSpec,
  FaultTarget,
  FaultTimes,
  Flapping,
} from "../simulation/faults/faultSpec.ts";
import { partitionDurationNames } from "../simulation/faults/partitionDurations.ts";
import type { NodeName, NodeSet } from "../simulation/nodeSet.ts";
import { alternative, choice, either, list, named, record } from "./shapes/compoundShapes.ts";
import {
  duration,
  integer,
  number,
  oneOf,
  onlyTrue,
  signedDuration,
  text,
} from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { time } from "./shapes/timeShapes.ts";

const nodeName: Shape<NodeName> = either(
  (value) => typeof value === "number",
  integer({ min: 0 }),
  text(),
);

const nodeSetAlternatives = {
  node: alternative<Extract<NodeSet, { kind: "node" }>>("One node.", {
    node: field(nodeName, "Its name, or its number from 0."),
  }),
  nodes: alternative<Extract<NodeSet, { kind: "nodes" }>>("Some nodes.", {
    nodes: field(list(nodeName, { min: 1 }), "Their names, or numbers from 0."),
  }),
  role: alternative<Extract<NodeSet, { kind: "role" }>>("All nodes of a role.", {
    role: field(text(), "`replica`, `client`, or the role of a controller."),
    region: optional(text(), "Only those in this region."),
  }),
  region: alternative<Extract<NodeSet, { kind: "region" }>>("All nodes in a region.", {
    region: field(text(), "Name of the region."),
  }),
  all: alternative<Extract<NodeSet, { kind: "all" }>>("All nodes, clients too.", {}),
};

const nodeSet: Shape<NodeSet> = named("nodeSet", () => choice<NodeSet>(nodeSetAlternatives));

const groups: Shape<"regions" | readonly NodeSet[]> = either(
  (value) => typeof value === "string",
  oneOf<"regions">(["regions"]),
  list(nodeSet, { min: 1 }),
);

const partition = integer({ min: 0 });

const target: Shape<FaultTarget> = named("target", () =>
  choice<FaultTarget>({
    ...nodeSetAlternatives,
    random: alternative("Some different nodes of a set, at random.", {
      of: field(nodeSet, "The set."),
      count: optional(integer({ min: 1 }), "How many; absent: one."),
    }),
    groupShare: alternative("A share of the nodes of one group at random, such as a rack.", {
      groups: field(groups, "The groups; `regions`: each region is one."),
      share: field(number({ min: 0, max: 1, exclusiveMin: true }), "Of a node of it being hit."),
    }),
    leader: alternative("Whoever leads.", {
      partition: optional(partition, "Which partition; absent: 0."),
    }),
    followers: alternative("The nodes of a set but the leader.", {
      partition: optional(partition, "Which partition; absent: 0."),
      of: optional(nodeSet, "The set; absent: those of the leader's role."),
      count: optional(integer({ min: 1 }), "How many of them, at random; absent: all."),
    }),
    self: alternative("The node whose observation set the fault off.", {}),
  }),
);

const targets = list(target, { min: 1 });

const published = choice<Extract<FaultDuration, { kind: "published" }>>({
  published: alternative("How long network partitions lasted in practice.", {
    name: field(oneOf(partitionDurationNames), "Whose figures."),
  }),
});

const isPublished = (value: unknown): boolean =>
  (value as { readonly kind?: unknown } | null)?.kind === "published";

const lasts: Shape<FaultDuration> = either(
  (value) => value === "forever",
  oneOf(["forever"]),
  either(isPublished, published, time),
) as Shape<FaultDuration>;

const flapping: Shape<Flapping> = record({
  periodMs: field(duration({ positive: true }), "Time from one cut to the next."),
  cutShare: field(
    number({ min: 0, max: 1, exclusiveMin: true, exclusiveMax: true }),
    "Share of a period in which the link is cut.",
  ),
});

const cutLinks = choice<CutLinks>({
  split: alternative("Nodes of different groups do not hear each other.", {
    groups: field(list(targets, { min: 2 }), "The groups; a node in two of them is a bridge."),
  }),
  isolate: alternative("Some nodes and the others do not hear each other.", {
    nodes: field(targets, "The ones."),
    others: optional(targets, "The others; absent: all other nodes."),
  }),
  oneWay: alternative("Messages from the ones to the others are lost.", {
    from: field(targets, "Senders."),
    to: field(targets, "Receivers."),
  }),
  majoritiesRing: alternative("A ring in which each node hears just a majority, each another.", {
    nodes: field(targets, "The ring."),
  }),
});

const clockJump = either(
  (value) => typeof value === "object" && value !== null,
  record<{ readonly minMs: number; readonly maxMs: number }>({
    minMs: field(signedDuration, "Least; negative: back."),
    maxMs: field(signedDuration, "Most; not below `minMs`."),
  }),
  signedDuration,
);

const factor = number({ min: 0, exclusiveMin: true });
const lastsMs = field(lasts, "How long: a time, a distribution, a published one, or `forever`.");
const onNodes = { target: field(target, "Whom it hits."), lastsMs };

const action = choice<FaultAction>({
  crash: alternative("The node stops; it comes back with what its disk kept.", onNodes),
  pause: alternative("The node stands still, then goes on.", onNodes),
  slow: alternative("CPU and disk take longer.", {
    ...onNodes,
    factor: field(factor, "So many times as long."),
  }),
  cut: alternative("Messages between some nodes are lost.", {
    links: field(cutLinks, "Which messages."),
    lastsMs,
    flapping: optional(flapping, "The link comes and goes; absent: it is gone all the time."),
  }),
  congestion: alternative("Every delay of the network takes longer.", {
    factor: field(factor, "So many times as long."),
    lastsMs,
  }),
  clockJump: alternative("The node's clock jumps.", {
    target: field(target, "Whom it hits."),
    byMs: field(clockJump, "By so much, forward or (< 0) back; or a range."),
    lastsMs: optional(lasts, "Then it jumps back; absent: it stays wrong."),
  }),
});

const window = {
  fromMs: optional(duration(), "Not before; absent: from the start."),
  untilMs: optional(duration(), "Not after; absent: to the end."),
};

const times = choice<FaultTimes>({
  at: alternative("At given times.", {
    atMs: field(list(duration(), { min: 1, isSingleToo: true }), "One time, or a list of them."),
  }),
  every: alternative("Again and again.", {
    everyMs: field(duration({ positive: true }), "From one to the next."),
    ...window,
  }),
  random: alternative("Again and again after independent random gaps.", {
    gapMs: field(time, "Gap."),
    ...window,
  }),
  renewal: alternative("Time up, then the fault, then time up again; each node on its own.", {
    upMs: field(time, "Time up: MTTF with its distribution."),
    ...window,
  }),
  bursts: alternative("Bursts that hit several nodes in a short time.", {
    gapMs: field(time, "From one burst to the next."),
    sizeWeights: field(
      list(number({ min: 0 }), { min: 1 }),
      "Weight of a burst of one node, of two, and so on.",
    ),
    windowMs: field(duration(), "Time over which a burst is spread."),
    ...window,
  }),
  observed: alternative("When a protocol tells something for the n-th time.", {
    observation: field(text(), "Name of what it tells, for example `acknowledged`."),
    occurrence: field(integer({ min: 1 }), "Which time it has to be, from 1."),
    thenEvery: optional(integer({ min: 1 }), "And again after so many times more; absent: never."),
    by: optional(nodeSet, "Only what these nodes tell counts; absent: all."),
    afterMs: optional(time, "So much later; absent: at once."),
  }),
});

/** One fault. */
export const fault: Shape<FaultSpec> = record({
  name: optional(text(), "Names its random streams; absent: its place in the list."),
  disabled: optional(onlyTrue, "It never strikes, and all others strike as if it did."),
  what: field(action, "What happens."),
  when: field(times, "When it strikes."),
});
