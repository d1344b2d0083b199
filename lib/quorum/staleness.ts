import { exactEstimate, needConfidence } from "../core/estimate.ts";
import { needInteger, needNumber, needOneOf, refuse } from "../core/need.ts";
import { conditionalSample } from "./conditionalSample.ts";
import { conditionalStaleAt, conditionalVisibility } from "./conditionalStaleness.ts";
import { type CountedStaleness, countedStaleness } from "./countedStaleness.ts";
import { countPlan } from "./countPlan.ts";
import { countStaleness } from "./countStaleness.ts";
import { operationLatency } from "./operationLatency.ts";
import { latencyByName } from "./productionLatencies.ts";
import type { StalenessAnswer, StalenessQuestion } from "./question.ts";
import { needQuorumSizes } from "./quorumSizes.ts";
import type { WarsLatency, WarsModel } from "./wars.ts";
import { warsModel } from "./warsModel.ts";

/** The evaluators of staleness: exact conditional probabilities, or counted trials. */
export const stalenessMethods = ["exact", "count"] as const;

/** What a question takes where the caller has no other wish. */
export type StalenessDefaults = Pick<
  StalenessQuestion,
  "method" | "trials" | "seed" | "confidence" | "atMs" | "visibility"
>;

/** What a question takes where the caller has no other wish: `{ ...defaultStaleness, n: 3, ... }`. */
export const defaultStaleness: StalenessDefaults = {
  method: "exact",
  trials: 100_000,
  seed: 1,
  confidence: 0.95,
  atMs: [0],
  visibility: 0.999,
};

/** A question, of which fields with a default may be left out. */
export type StalenessRequest = Omit<StalenessQuestion, keyof StalenessDefaults> &
  Partial<StalenessDefaults>;

/** Random trials times replies beyond which a sample would not fit into memory. */
const offsetsMax = 2e8;

/**
 * How often reads are stale under partial quorums, from when on they are fresh, and how long operations
 * take: the WARS model, with intervals.
 *
 * Method `exact` averages exact conditional probabilities over random trials: smooth in time, and as
 * precise for probabilities of 1e-9 as for 0.5; latencies of operations come without sampling error.
 * Method `count` counts stale reads and sorts latencies among random trials, as the paper did. If
 * r + w > n, reads are never stale, and both answer 0, exactly.
 *
 * The model knows one write and one read, without failures, anti-entropy, read repair or hinted handoff.
 *
 * @param request sizes and latency; times, precision and seed as in `defaultStaleness` if left out
 * @throws {RangeError} naming the field, if a size, time, probability, name or number of trials is out
 *   of range
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, section 4
 * @example
 * const answer = staleness({ n: 3, r: 1, w: 1, latency: "lnkd-disk" });
 * answer.stale[0].probability.value.toFixed(2); // => "0.56"
 */
export function staleness(request: StalenessRequest): StalenessAnswer {
  const question = needQuestion({ ...defaultStaleness, ...request });
  const latency = needLatency(question.latency);
  const model = warsModel(latency, question.n);
  const evaluate = question.method === "exact" ? exactly : counted;
  const { stale, visibilityMs, ...latencies } = evaluate(model, question);
  return {
    question: { ...question, latency: latency.name },
    stale: question.atMs.map((atMs, index) => ({ atMs, probability: stale[index]! })),
    visibilityMs,
    ...latencies,
  };
}

function exactly(model: WarsModel, question: StalenessQuestion): CountedStaleness {
  return {
    ...exactStaleness(model, question),
    readLatencyMs: operationLatency(model, { operation: "read", replies: question.r }),
    writeLatencyMs: operationLatency(model, { operation: "write", replies: question.w }),
  };
}

function exactStaleness(model: WarsModel, question: StalenessQuestion): Staleness {
  if (isStrict(question)) return neverStale(question);
  const { atMs, confidence, visibility } = question;
  const sample = conditionalSample(model, question, question);
  return {
    stale: atMs.map((time) => conditionalStaleAt(sample, { atMs: time, confidence })),
    visibilityMs: conditionalVisibility(sample, { visibility, confidence }),
  };
}

function counted(model: WarsModel, question: StalenessQuestion): CountedStaleness {
  const estimates = countedStaleness(countStaleness(countPlan(model, question)), question);
  return isStrict(question) ? { ...estimates, ...neverStale(question) } : estimates;
}

type Staleness = Pick<CountedStaleness, "stale" | "visibilityMs">;

/** Whether read and write quorums always meet. */
function isStrict({ n, r, w }: StalenessQuestion): boolean {
  return r + w > n;
}

function neverStale({ atMs }: StalenessQuestion): Staleness {
  return { stale: atMs.map(() => exactEstimate(0)), visibilityMs: exactEstimate(0) };
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
