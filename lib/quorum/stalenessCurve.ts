import { type Estimate, exactEstimate } from "../core/estimate.ts";
import { needNumber } from "../core/need.ts";
import { conditionalSample } from "./conditionalSample.ts";
import { conditionalStaleAt } from "./conditionalStaleness.ts";
import { conditionalVisibility } from "./conditionalVisibility.ts";
import type { StalenessQuestion } from "./question.ts";
import { defaultStaleness, needStaleness, type StalenessRequest } from "./stalenessRequest.ts";
import type { WarsModel } from "./wars.ts";

/** Staleness as a function of the time after commit, all points from the same random trials. */
export interface StalenessCurve {
  /**
   * Probability of a stale read at a time after commit, ms, >= 0.
   *
   * @throws {RangeError} if the time is negative or not finite
   */
  staleAt(atMs: number): Estimate;
  /**
   * Time after commit, ms, from which reads are fresh with a probability, in (0, 1).
   *
   * @throws {RangeError} if the probability is out of range
   */
  visibilityMs(visibility: number): Estimate;
}

/** What a curve depends on: a request without times, visibility and method. */
export type StalenessCurveRequest = Omit<StalenessRequest, "atMs" | "visibility" | "method">;

/**
 * Staleness as a function of time, by exact conditional probabilities: smooth, falling, and cheap at any
 * number of points, because all come from the same random trials.
 *
 * @param request sizes and latency; trials, seed and confidence as in `defaultStaleness` if left out
 * @throws {RangeError} as `staleness`
 * @example
 * const curve = stalenessCurve({ n: 3, r: 1, w: 1, latency: "lnkd-disk" });
 * curve.staleAt(10).value.toFixed(3); // => "0.074"
 * curve.visibilityMs(0.999).value.toFixed(1); // => "52.2"
 */
export function stalenessCurve(request: StalenessCurveRequest): StalenessCurve {
  const { method, atMs, visibility } = defaultStaleness;
  const { question, model } = needStaleness({ ...request, method, atMs, visibility });
  const curve = curveOf(model, question);
  const where = "stalenessCurve";
  const open = { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true };
  return {
    staleAt: (time) =>
      curve.staleAt(needNumber(where, "atMs", time, { min: 0, exclusiveMax: true, unit: "ms" })),
    visibilityMs: (probability) =>
      curve.visibilityMs(needNumber(where, "visibility", probability, open)),
  };
}

/** The curve of a question that has been checked. */
export function curveOf(model: WarsModel, question: StalenessQuestion): StalenessCurve {
  if (isStrict(question)) {
    return { staleAt: () => exactEstimate(0), visibilityMs: () => exactEstimate(0) };
  }
  const sample = conditionalSample(model, question, question);
  const { confidence } = question;
  return {
    staleAt: (atMs) => conditionalStaleAt(sample, { atMs, confidence }),
    visibilityMs: (visibility) => conditionalVisibility(sample, { visibility, confidence }),
  };
}

/** Whether read and write quorums always meet, so that no read is stale. */
export function isStrict({ n, r, w }: Pick<StalenessQuestion, "n" | "r" | "w">): boolean {
  return r + w > n;
}
