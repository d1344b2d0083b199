import type { LogFormat } from "./options.ts";

/** CPU time of a replica for what it is asked and sent, in ms, >= 0. */
export interface ServiceCosts {
  readonly readMs: number;
  readonly writeMs: number;
  /** A follower's, for each message of the log, however many entries are in it. */
  readonly appendMs: number;
}

/**
 * CPU time by the names of messages, as nodes of a simulated world take it: what makes one machine the
 * limit of the writes (B8). Triggers make a write cost the leader `writeCostFactor` times as much (B7);
 * its entries are so many times as long, too.
 */
export function serviceMsOf(
  { readMs, writeMs, appendMs }: ServiceCosts,
  logFormat: LogFormat,
): Readonly<Record<string, number>> {
  const factor = logFormat.kind === "trigger" ? logFormat.writeCostFactor : 1;
  return { read: readMs, write: writeMs * factor, append: appendMs };
}
