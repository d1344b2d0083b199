import { type Estimate, exactEstimate, needConfidence } from "../core/estimate.ts";
import { needInteger, needNumber, needOneOf, refuse } from "../core/need.ts";
import { type ConditionalSample, conditionalSample } from "./conditionalSample.ts";
import { conditionalStaleAt, conditionalVisibility } from "./conditionalStaleness.ts";
import { operationLatency } from "./operationLatency.ts";
import { latencyByName } from "./productionLatencies.ts";
import type { StalenessAnswer, StalenessQuestion } from "./question.ts";
import { needQuorumSizes } from "./quorumSizes.ts";
import type { WarsLatency, WarsModel } from "./wars.ts";
import { warsModel } from "./warsModel.ts";

/** The evaluators of staleness: exact conditional probabilities, or counted trials. */
export const stalenessMethods = ["exact", "count"] as const;

/** What a question takes where the caller has no other wish; spread it: `{ ...defaultStaleness, n: 3, ... }`. */
export const defaultStaleness: Pick<
  StalenessQuestion,
  "method" | "trials" | "seed" | "confidence" | "atMs" | "visibility"
> = {
  method: "exact",
  trials: 100_000,
  seed: 1,
  confidence: 0.95,
  atMs: [0],
  visibility: 0.999,
};

/** Random trials times replies beyond which a sample would not fit into memory. */
const offsetsMax = 2e8;

/**
 * How often reads are stale under partial quorums, from when on they are fresh, and how long operations
 * take: the WARS model, with intervals.
 *
 * Method `exact` averages exact conditional probabilities over random trials: smooth in time, and as
 * precise for probabilities of 1e-9 as for 0.5. Method `count` counts stale reads among random trials,
 * as the paper did. If r + w > n, reads are never stale, and both answer 0 exactly. Latencies of operations
 * are computed without sampling.
 *
 * The model knows one write and one read, without failures, anti-entropy, read repair or hinted handoff.
 *
 * @param question sizes, latency, times and what the estimate may cost; fields left out are those of
 *   `defaultStaleness`
 * @throws {RangeError} naming the field, if a size, time, probability, name or number of trials is out
 *   of range
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, section 4
 * @example
 * const answer = staleness({ ...defaultStaleness, n: 3, r: 1, w: 1, latency: "lnkd-disk" });
 * answer.stale[0].probability.value.toFixed(2); // => "0.56"
 */
export function staleness(
  question: Omit<StalenessQuestion, keyof typeof defaultStaleness> & Partial<StalenessQuestion>,
): StalenessAnswer {
  const asked = needQuestion({ ...defaultStaleness, ...question });
  const latency = needLatency(asked.latency);
  const model = warsModel(latency, asked.n);
  const { stale, visibilityMs } =
    asked.r + asked.w > asked.n ? neverStale(asked) : evaluate(model, asked);
  return {
    question: { ...asked, latency: latency.name },
    stale: asked.atMs.map((atMs, index) => ({ atMs, probability: stale[index]! })),
    visibilityMs,
    readLatencyMs: operationLatency(model, { operation: "read", replies: asked.r }),
    writeLatencyMs: operationLatency(model, { operation: "write", replies: asked.w }),
  };
}

/** What sets the two methods apart. */
interface Staleness {
  readonly stale: readonly Estimate[];
  readonly visibilityMs: Estimate;
}

function neverStale({ atMs }: StalenessQuestion): Staleness {
  return { stale: atMs.map(() => exactEstimate(0)), visibilityMs: exactEstimate(0) };
}

function evaluate(model: WarsModel, asked: StalenessQuestion): Staleness {
  if (asked.method === "count") return refuse("staleness", "method", "exact", "count");
  const sample: ConditionalSample = conditionalSample(model, asked, asked);
  const { atMs, confidence, visibility } = asked;
  return {
    stale: atMs.map((time) => conditionalStaleAt(sample, { atMs: time, confidence })),
    visibilityMs: conditionalVisibility(sample, { visibility, confidence }),
  };
}

function needLatency(latency: StalenessQuestion["latency"]): WarsLatency {
  return typeof latency === "string" ? latencyByName(latency) : latency;
}

function needQuestion(question: StalenessQuestion): StalenessQuestion {
  const where = "staleness";
  const { n, r, w } = needQuorumSizes(where, question);
  const { latency, atMs, visibility, method, trials, seed, confidence } = question;
  if (!Array.isArray(atMs)) refuse(where, "atMs", "a list of times in ms", atMs);
  atMs.forEach((time: number, index: number) => {
    needNumber(where, `atMs[${index}]`, time, { min: 0, exclusiveMax: true, unit: "ms" });
  });
  const open = { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true };
  needNumber(where, "visibility", visibility, open);
  needOneOf(where, "method", method, stalenessMethods);
  needInteger(where, "trials", trials, { min: 1 });
  if (method === "exact")
    needInteger(where, "trials", trials, { min: 1, max: Math.floor(offsetsMax / r) });
  needInteger(where, "seed", seed, { min: 0 });
  needConfidence(where, confidence);
  return { n, r, w, latency, atMs, visibility, method, trials, seed, confidence };
}
