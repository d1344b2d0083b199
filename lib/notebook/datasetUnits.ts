/** Units of time that a column of numbers may be in. */
export type TimeUnit = "ns" | "us" | "ms" | "s" | "min" | "h";

/** Ends of a column's name that mean a unit, and how many of the unit are in a ms. */
const units: Record<TimeUnit, { suffixes: readonly string[]; perMs: number }> = {
  ns: { suffixes: ["Ns", "_ns"], perMs: 1e6 },
  us: { suffixes: ["Us", "_us"], perMs: 1e3 },
  ms: { suffixes: ["Ms", "_ms"], perMs: 1 },
  s: { suffixes: ["S", "_s", "Sec", "Seconds"], perMs: 1 / 1000 },
  min: { suffixes: ["Min", "_min", "Minutes"], perMs: 1 / 60_000 },
  h: { suffixes: ["H", "_h", "Hours"], perMs: 1 / 3_600_000 },
};

/** The units of time, shortest first. */
export const timeUnits: readonly TimeUnit[] = Object.keys(units) as TimeUnit[];

const pairs = Object.entries(units).flatMap(([unit, { suffixes }]) =>
  suffixes.map((suffix) => ({ unit: unit as TimeUnit, suffix })),
);

interface Pair {
  readonly unit: TimeUnit;
  readonly suffix: string;
  /** What stands behind the unit, for example `Min`; empty if nothing does. */
  readonly statistic: string;
}

/** Unit of time that the name of a column ends in, if any: `latencyMs` and `latencyMsP99` are in ms. */
export function unitOfColumn(name: string): TimeUnit | undefined {
  return pairOf(name)?.unit;
}

/** Name of a column without the unit: two such names mean the same quantity. */
export function withoutUnit(name: string): string {
  const pair = pairOf(name);
  if (pair === undefined) return name.toLowerCase();
  const { suffix, statistic: behind } = pair;
  return (name.slice(0, name.length - suffix.length - behind.length) + behind).toLowerCase();
}

/** In `latencyMsMin` and `latencyMsP99` a statistic stands behind the unit: there Min is no minutes. */
const statistic = /(Min|Max|Mean|Median|Sd|P\d+)$/;

function pairOf(name: string): Pair | undefined {
  const quantity = name.replace(statistic, "");
  const behind = statistic.exec(name)?.[0] ?? "";
  return (behind !== "" && pairAtEnd(quantity, behind)) || pairAtEnd(name);
}

function pairAtEnd(name: string, statisticBehind = ""): Pair | undefined {
  const pair = pairs.find(({ suffix }) => name.length > suffix.length && name.endsWith(suffix));
  return pair && { unit: pair.unit, suffix: pair.suffix, statistic: statisticBehind };
}

/** A time in ms, rounded once: 7 us are exactly the double nearest to 0.007 ms. */
export function toMs(value: number, unit: TimeUnit): number {
  const { perMs } = units[unit];
  return perMs >= 1 ? value / perMs : value * Math.round(1 / perMs);
}
