import type { Distribution } from "../../core/distribution.ts";
import { needDurationMs } from "../../core/duration.ts";
import { needList, needNumber, needOneOf, needRecord, refuse } from "../../core/need.ts";
import { type RandomStream, randomStream } from "../../core/random.ts";
import { needFields } from "../needFields.ts";
import { needTime } from "../needTime.ts";
import {
  type Arrivals,
  burstClock,
  constantArrivals,
  dailyClock,
  poissonArrivals,
  steadyClock,
} from "./arrivals.ts";
import type { Client } from "./needWorkload.ts";

/** When operations begin, checked. */
export type Timetable =
  | {
      readonly kind: "open";
      /** Arrivals at a client of the list in a new run, from time 0. */
      arrivals(client: number, seed: number, name: string): Arrivals;
    }
  | { readonly kind: "trace"; readonly timesMs: readonly number[] }
  | { readonly kind: "closed"; readonly think: Distribution; readonly startMs: number };

/** Bursts and days, checked. */
interface Rhythm {
  readonly bursts: {
    factor: number;
    calmMs: number;
    burstMs: number;
    isTogether: boolean;
  } | null;
  readonly daily: { periodMs: number; amplitude: number; peakAtMs: number } | null;
}

const arrivalKinds = ["poisson", "constant", "trace", "closed"] as const;

/**
 * Checks when operations begin.
 *
 * @param workload the fields `arrivals`, `clients` and `startAtMs` of the specification
 * @throws {RangeError} naming the field that is wrong
 */
export function needTimetable(
  where: string,
  workload: Record<string, unknown>,
  clients: readonly Client[],
): Timetable {
  const field = "arrivals";
  const given = needRecord(where, field, workload[field]);
  const { startAtMs = 0 } = workload;
  const startMs = needDurationMs(where, "startAtMs", startAtMs);
  const kind = needOneOf(where, `${field}.kind`, given.kind, arrivalKinds);
  if (kind === "trace") {
    needFields(where, field, given, ["kind", "timesMs"]);
    return { kind, timesMs: needTimes(where, `${field}.timesMs`, given.timesMs, startMs) };
  }
  if (kind === "closed") {
    needFields(where, field, given, ["kind", "thinkMs"]);
    refuseShares(where, workload.clients);
    return { kind, think: needTime(where, `${field}.thinkMs`, given.thinkMs), startMs };
  }
  needFields(where, field, given, ["kind", "rate", "bursts", "daily"]);
  const ratesPerMs = needRates(where, `${field}.rate`, given.rate, clients);
  const rhythm: Rhythm = {
    bursts: needBursts(where, `${field}.bursts`, given.bursts),
    daily: needDaily(where, `${field}.daily`, given.daily),
  };
  return {
    kind: "open",
    arrivals: (client, seed, name) => {
      const perMs = ratesPerMs[client]!;
      const entity = `${name} of client ${clients[client]!.node}`;
      const clock = clockOf(rhythm, { perMs, startMs, seed, name, entity });
      if (kind === "constant") return constantArrivals(clock, (client + 0.5) / clients.length);
      return poissonArrivals(clock, randomStream({ seed, purpose: "workload: arrivals", entity }));
    },
  };
}

/** The clock of one client: bursts, bent by days, from the start of the workload on. */
function clockOf(
  { bursts, daily }: Rhythm,
  client: { perMs: number; startMs: number; seed: number; name: string; entity: string },
) {
  const { perMs, startMs, seed } = client;
  const random = (): RandomStream => {
    // Clients that burst together follow copies of one stream.
    const entity = bursts?.isTogether ? client.name : client.entity;
    return randomStream({ seed, purpose: "workload: bursts", entity });
  };
  const steady = bursts === null ? steadyClock(perMs) : burstClock({ perMs, ...bursts }, random());
  // The peak is given in time from the start of the run, not of the workload.
  const peakAtMs = (daily?.peakAtMs ?? 0) - startMs;
  const clock = daily === null ? steady : dailyClock({ ...daily, peakAtMs }, steady);
  return { timeMs: (expected: number): number => startMs + clock.timeMs(expected) };
}

function needTimes(
  where: string,
  field: string,
  value: unknown,
  startMs: number,
): readonly number[] {
  const list = needList(where, field, value);
  const timesMs = list.map((each, i) => needDurationMs(where, `${field}[${i}]`, each) as number);
  timesMs.forEach((timeMs, i) => {
    const before = timesMs[i - 1] ?? 0;
    if (timeMs < before) refuse(where, `${field}[${i}]`, `>= the one before, ${before}`, timeMs);
  });
  return timesMs.filter((timeMs) => timeMs >= startMs);
}

function needRates(
  where: string,
  field: string,
  value: unknown,
  clients: readonly Client[],
): readonly number[] {
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["kind", "perS"]);
  const kind = needOneOf(where, `${field}.kind`, given.kind, ["perClient", "total"]);
  const positive = { min: 0, exclusiveMin: true, exclusiveMax: true };
  const perMs = needNumber(where, `${field}.perS`, given.perS, positive) / 1000;
  const total = clients.reduce((sum, { share }) => sum + share, 0);
  return clients.map(({ share }) => perMs * (kind === "total" ? share / total : share));
}

function needBursts(where: string, field: string, value: unknown): Rhythm["bursts"] {
  if (value === undefined) return null;
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["factor", "calmMs", "burstMs", "scope"]);
  const positive = { positive: true };
  return {
    factor: needNumber(where, `${field}.factor`, given.factor, { min: 1, exclusiveMax: true }),
    calmMs: needDurationMs(where, `${field}.calmMs`, given.calmMs, positive),
    burstMs: needDurationMs(where, `${field}.burstMs`, given.burstMs, positive),
    isTogether:
      needOneOf(where, `${field}.scope`, given.scope, ["together", "perClient"]) === "together",
  };
}

function needDaily(where: string, field: string, value: unknown): Rhythm["daily"] {
  if (value === undefined) return null;
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["periodMs", "amplitude", "peakAtMs"]);
  const periodMs = given.periodMs;
  return {
    periodMs: needDurationMs(where, `${field}.periodMs`, periodMs, { positive: true }),
    amplitude: needNumber(where, `${field}.amplitude`, given.amplitude, { min: 0, max: 1 }),
    peakAtMs: needDurationMs(where, `${field}.peakAtMs`, given.peakAtMs),
  };
}

/** In a closed workload the number of sessions decides how much a client asks. */
function refuseShares(where: string, groups: unknown): void {
  (groups as readonly { share?: unknown }[]).forEach(({ share }, i) => {
    if (share === undefined) return;
    refuse(where, `clients[${i}].share`, "absent, since the workload is closed", share);
  });
}
