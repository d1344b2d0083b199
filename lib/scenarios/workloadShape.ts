import type {
  ArrivalsSpec,
  Bursts,
  Conversations,
  Daily,
  KeysSpec,
  OperationMix,
  Rate,
  ReadAfterWrite,
  SessionsSpec,
} from "../simulation/workload/workloadSpec.ts";
import { deviceSites } from "../simulation/workload/workloadSpec.ts";
import type { ScenarioWorkload } from "./scenario.ts";
import { alternative, choice, list, record } from "./shapes/compoundShapes.ts";
import { duration, integer, number, oneOf, share } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { time } from "./shapes/timeShapes.ts";

const positive = number({ min: 0, exclusiveMin: true });
const weight = number({ min: 0 });
const count = integer({ min: 1 });

const rate: Shape<Rate> = record<Rate>(
  {
    kind: field(oneOf(["perClient", "total"]), "Of each client site, or of all together."),
    perS: field(positive, "Mean number of requests per second."),
  },
  { kind: "total" },
);

const bursts: Shape<Bursts> = record({
  factor: field(number({ min: 1 }), "Rate in a burst over that between bursts."),
  calmMs: field(duration({ positive: true }), "Mean time between bursts."),
  burstMs: field(duration({ positive: true }), "Mean length of a burst."),
  scope: field(oneOf(["together", "perClient"]), "All clients at once, or each for itself."),
});

const daily: Shape<Daily> = record({
  periodMs: field(duration({ positive: true }), "From one peak to the next."),
  amplitude: field(share, "Height of the peak above the mean, over the mean."),
  peakAtMs: field(duration(), "Time of the first peak."),
});

const open = {
  rate: field(rate, "How often."),
  bursts: optional(bursts, "The rate changes at random; absent: it does not."),
  daily: optional(daily, "The rate goes up and down; absent: it does not."),
};

const arrivals = choice<ArrivalsSpec>({
  poisson: alternative("Open: independent of the answers, with exponential gaps.", open),
  constant: alternative("Open: evenly spaced.", open),
  trace: alternative("Open: at given times.", {
    timesMs: field(list(duration(), { min: 1 }), "The times, rising."),
  }),
  closed: alternative(
    "Closed: each session thinks, asks, waits for the answer, thinks again.",
    { thinkMs: field(time, "Time to think.") },
    { thinkMs: { kind: "exponential", meanMs: 1000 } },
  ),
});

const keys = choice<KeysSpec>({
  uniform: alternative("All alike.", { count: field(count, "Number of keys.") }, { count: 1000 }),
  zipf: alternative(
    "Key k with a probability proportional to (k + 1)^-exponent.",
    {
      count: field(integer({ min: 1, max: 1e6 }), "Number of keys."),
      exponent: field(weight, "Exponent."),
    },
    { count: 1000, exponent: 0.99 },
  ),
  hotSpot: alternative("Some keys take a share of the operations.", {
    count: field(count, "Number of keys."),
    shareOfKeys: field(share, "Share of the keys that is hot."),
    shareOfOperations: field(share, "Share of the operations that goes there."),
  }),
  latest: alternative("Reads ask for what was written lately.", {
    count: field(count, "Number of keys."),
    exponent: field(weight, "The r-th latest write in proportion to r^-exponent."),
    window: field(count, "How many writes back."),
  }),
});

const sessions: Shape<SessionsSpec> = record<SessionsSpec>(
  {
    perClient: field(count, "Sessions at each client site."),
    devices: optional(count, "Devices of each session; absent: 1."),
    deviceSites: optional(
      oneOf(deviceSites),
      "All devices at the home of the session, or spread over the client sites.",
    ),
    firstNumber: optional(integer({ min: 0 }), "Number of the first session; absent: 0."),
  },
  { perClient: 10 },
);

const mix: Shape<OperationMix> = record<OperationMix>({
  read: optional(weight, "Weight of reads; absent: 0."),
  write: optional(weight, "Weight of writes; absent: 0."),
  insert: optional(weight, "Weight of inserts, which ask for a new primary key; absent: 0."),
});

const readAfterWrite: Shape<ReadAfterWrite> = record({
  share: field(share, "Of the writes."),
  delayMs: field(time, "From the answer to the write to the read."),
  device: field(oneOf(["same", "next"]), "Which device reads."),
});

const conversations: Shape<Conversations> = record({
  writeShare: field(share, "Share of the writes that are answers to another key."),
  readShare: field(share, "Share of the reads that go on to what is answered."),
  distance: field(count, "Key k answers key (k + distance) modulo the number of keys."),
  delayMs: field(time, "From the answer to the first operation to the second."),
});

/** A hundred operations a second, nine of ten reads, on a thousand keys. */
export const defaultWorkload: ScenarioWorkload = {
  sessions: { perClient: 10 },
  arrivals: { kind: "poisson", rate: { kind: "total", perS: 100 } },
  mix: { read: 0.9, write: 0.1 },
  keys: { kind: "uniform", count: 1000 },
};

/** Who asks what, and how often. */
export const workload: Shape<ScenarioWorkload> = record<ScenarioWorkload>(
  {
    sessions: field(sessions, "The users."),
    arrivals: field(arrivals, "When operations begin."),
    mix: field(mix, "Weights of the kinds of operations."),
    keys: field(keys, "Which keys are asked for."),
    readAfterWrite: optional(readAfterWrite, "Users who look at what they have just written."),
    conversations: optional(conversations, "Users who answer each other."),
    startAtMs: optional(duration(), "When the first operation may begin; absent: 0."),
    giveUpAfterMs: optional(duration({ positive: true }), "A user goes on without an answer."),
  },
  defaultWorkload,
);
