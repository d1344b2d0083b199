import { readFileSync } from "node:fs";
import { needDurationMs } from "../core/duration.ts";
import { needInteger, refuse } from "../core/need.ts";
import type { StalenessQuestion } from "../quorum/question.ts";

/** Options of `quorumlab staleness` as they were typed. */
export interface StalenessOptions {
  readonly latency: string;
  readonly n: string;
  readonly r: string;
  readonly w: string;
  readonly at: string;
  readonly visibility: string;
  readonly method: string;
  readonly trials?: string;
  readonly seed: string;
  readonly confidence: string;
  readonly workers: string;
  readonly json?: true;
}

const where = "staleness";

/**
 * The question that the options ask. Only the form is checked here; ranges are checked by the engine.
 *
 * @throws {RangeError} if an option is no number, no list of times, or no readable latency
 */
export async function stalenessQuestion(options: StalenessOptions): Promise<StalenessQuestion> {
  const number = (name: keyof StalenessOptions): number => {
    const text = String(options[name]).trim();
    const value = text === "" ? Number.NaN : Number(text);
    return Number.isNaN(value) ? refuse(where, `--${name}`, "a number", options[name]) : value;
  };
  return {
    n: number("n"),
    r: number("r"),
    w: number("w"),
    latency: await latencyOf(options.latency),
    atMs: timesOf(options.at),
    visibility: number("visibility"),
    method: options.method as StalenessQuestion["method"],
    trials: options.trials === undefined ? defaultTrials(options.method) : number("trials"),
    seed: number("seed"),
    confidence: number("confidence"),
  };
}

/** Number of worker threads that `--workers` asks for. */
export function needWorkers(text: string): number {
  return needInteger(where, "--workers", Number(text), { min: 1, max: 256 });
}

/** A counted trial says less than an exact probability, and costs less. */
function defaultTrials(method: string): number {
  return method === "count" ? 1e6 : 1e5;
}

/** The times of a list such as `0,10 ms,2 s`, in ms. */
function timesOf(list: string): number[] {
  return list.split(",").map((text) => {
    const plain = text.trim() === "" ? Number.NaN : Number(text);
    return needDurationMs(where, "--at", Number.isNaN(plain) ? text : plain);
  });
}

async function latencyOf(name: string): Promise<StalenessQuestion["latency"]> {
  if (!name.endsWith(".json")) return name;
  const { warsLatencyFromJson } = await import("../quorum/warsLatencyFromJson.ts");
  return warsLatencyFromJson(jsonOf(name));
}

function jsonOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(where, "--latency", `a readable file (${code})`, file);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(where, "--latency", `a file of JSON (${(error as Error).message})`, file);
  }
}
