import type { RunMetrics } from "./metrics/runMetrics.ts";

/** What can go wrong in a run, the worst first: names of metrics that are 0 where it did not. */
export const badOutcomes = [
  "lostAcknowledgedWrites",
  "splitBrainMs",
  "writesInSplitBrain",
  "duplicatePrimaryKeys",
  "cacheMixUps",
  "divergentRows",
  "phantomReadRate",
  "linearizabilityViolationRate",
  "readYourWritesViolationRate",
  "readYourWritesAcrossDevicesViolationRate",
  "monotonicReadViolationRate",
  "monotonicReadAcrossDevicesViolationRate",
  "monotonicWriteViolationRate",
  "consistentPrefixViolationRate",
  "consistentPrefixAcrossPartitionsViolationRate",
  "staleReadRate",
  "falseFailovers",
  "indefiniteWriteRate",
  "failedWriteRate",
] as const;

/** Something that can go wrong in a run. */
export type BadOutcome = (typeof badOutcomes)[number];

/** What each of them is, as the end of a sentence: "in this run ...". */
export const badOutcomeTexts: Readonly<Record<BadOutcome, string>> = {
  lostAcknowledgedWrites: "an acknowledged write is lost",
  splitBrainMs: "two leaders act at once",
  writesInSplitBrain: "writes are acknowledged while two leaders act",
  duplicatePrimaryKeys: "a primary key is handed out twice",
  cacheMixUps: "an outside cache mixes two users up",
  divergentRows: "rows differ from replica to replica",
  phantomReadRate: "a read sees a write that is then lost",
  linearizabilityViolationRate: "a read returns an older value after a newer one was seen",
  readYourWritesViolationRate: "a user does not see what he has written",
  readYourWritesAcrossDevicesViolationRate: "a user does not see what he wrote on another device",
  monotonicReadViolationRate: "a user sees a value and then an older one",
  monotonicReadAcrossDevicesViolationRate: "a user sees a value and, elsewhere, an older one",
  monotonicWriteViolationRate: "two writes of a user take effect in the wrong order",
  consistentPrefixViolationRate: "a reader sees an answer without what it answers",
  consistentPrefixAcrossPartitionsViolationRate:
    "a reader sees an answer without what it answers, in another partition",
  staleReadRate: "a read misses a write that was acknowledged before",
  falseFailovers: "a leader is replaced that was alive",
  indefiniteWriteRate: "nobody knows whether a write happened",
  failedWriteRate: "a write is refused",
};

/** How much of a bad outcome there was in a run, in the unit of the metric; 0 if it was not measured. */
export function amountOf({ ratios, means }: RunMetrics, outcome: string): number {
  const ratio = (ratios as Readonly<Record<string, { readonly y: number }>>)[outcome];
  const mean = (means as Readonly<Record<string, { readonly mean: number }>>)[outcome];
  return ratio?.y ?? mean?.mean ?? 0;
}

/** The worst that happened in a run; `undefined` if nothing bad did. */
export function worstOf(metrics: RunMetrics): BadOutcome | undefined {
  return badOutcomes.find((outcome) => amountOf(metrics, outcome) > 0);
}
