import { exactEstimate } from "../core/estimate.ts";
import { type CountedStaleness, countedStaleness } from "./countedStaleness.ts";
import { countPlan } from "./countPlan.ts";
import { countStaleness, type StalenessCounts } from "./countStaleness.ts";
import { operationLatency } from "./operationLatency.ts";
import type { StalenessAnswer, StalenessQuestion } from "./question.ts";
import { curveOf, isStrict } from "./stalenessCurve.ts";
import { needStaleness, type StalenessRequest } from "./stalenessRequest.ts";
import type { WarsModel } from "./wars.ts";

export {
  defaultStaleness,
  type StalenessDefaults,
  type StalenessRequest,
  stalenessMethods,
} from "./stalenessRequest.ts";

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
  const { question, model } = needStaleness(request);
  const evaluate = question.method === "exact" ? exactly : counted;
  const { stale, visibilityMs, ...latencies } = evaluate(model, question);
  return {
    question,
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
  const curve = curveOf(model, question);
  return {
    stale: question.atMs.map((time) => curve.staleAt(time)),
    visibilityMs: curve.visibilityMs(question.visibility),
  };
}

function counted(model: WarsModel, question: StalenessQuestion): CountedStaleness {
  return stalenessOfCounts(countStaleness(countPlan(model, question)), question);
}

/** What counts say about a question; with strict quorums reads are never stale, exactly. */
export function stalenessOfCounts(
  counts: StalenessCounts,
  question: StalenessQuestion,
): CountedStaleness {
  const estimates = countedStaleness(counts, question);
  return isStrict(question) ? { ...estimates, ...neverStale(question) } : estimates;
}

type Staleness = Pick<CountedStaleness, "stale" | "visibilityMs">;

function neverStale({ atMs }: StalenessQuestion): Staleness {
  return { stale: atMs.map(() => exactEstimate(0)), visibilityMs: exactEstimate(0) };
}
