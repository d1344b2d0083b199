import { needConfidence } from "../core/estimate.ts";
import { needInteger, needNumber, needOneOf, refuse } from "../core/need.ts";
import { latencyByName } from "./productionLatencies.ts";
import type { StalenessQuestion } from "./question.ts";
import { needQuorumSizes } from "./quorumSizes.ts";
import type { WarsModel } from "./wars.ts";
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

/** A question with all its fields checked, and the model that it is about. */
export interface CheckedStaleness {
  readonly question: StalenessQuestion & { readonly latency: string };
  readonly model: WarsModel;
}

/**
 * Completes a request by the defaults and checks it.
 *
 * @throws {RangeError} naming the field, if a size, time, probability, name or number of trials is out
 *   of range
 */
export function needStaleness(request: StalenessRequest): CheckedStaleness {
  const question = needQuestion({ ...defaultStaleness, ...request });
  const { latency } = question;
  const known = typeof latency === "string" ? latencyByName(latency) : latency;
  const model = warsModel(known, question.n);
  return { question: { ...question, latency: known.name }, model };
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
  const max = method === "exact" ? Math.floor(offsetsMax / r) : Number.MAX_SAFE_INTEGER;
  needInteger(where, "trials", trials, { min: 1, max });
  needInteger(where, "seed", seed, { min: 0 });
  needConfidence(where, confidence);
  return { n, r, w, latency, atMs, visibility, method, trials, seed, confidence };
}
