import type { Distribution } from "../../core/distribution.ts";
import { needDurationMs } from "../../core/duration.ts";
import {
  needInteger,
  needList,
  needNumber,
  needOneOf,
  needRecord,
  refuse,
} from "../../core/need.ts";
import type { NodeId } from "../../core/protocol.ts";
import type { UniformSource } from "../../core/random.ts";
import { needFields } from "../needFields.ts";
import { needTime } from "../needTime.ts";
import { needNodeSet, type PlacedNode } from "../nodeSet.ts";

/** Bounds of the times at which a fault strikes, checked. */
interface Bounds {
  /** `null`: not given. */
  readonly fromMs: number | null;
  readonly untilMs: number;
}

/** When a fault strikes, checked. */
export type Times =
  | { readonly kind: "at"; readonly timesMs: readonly number[] }
  | ({ readonly kind: "every"; readonly everyMs: number } & Bounds)
  | ({ readonly kind: "random"; readonly gap: Distribution } & Bounds)
  | ({ readonly kind: "renewal"; readonly up: Distribution } & Bounds)
  | ({
      readonly kind: "bursts";
      readonly gap: Distribution;
      readonly windowMs: number;
      /** Draws the number of nodes that a burst hits. */
      size(random: UniformSource): number;
    } & Bounds)
  | {
      readonly kind: "observed";
      readonly observation: string;
      readonly occurrence: number;
      /** 0: never again. */
      readonly thenEvery: number;
      /** `null`: whatever any node tells counts. */
      readonly by: readonly NodeId[] | null;
      readonly after: Distribution | null;
    };

const timesKinds = ["at", "every", "random", "renewal", "bursts", "observed"] as const;

/**
 * Checks when a fault strikes.
 *
 * @throws {RangeError} naming the field that is wrong
 */
export function needTimes(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): Times {
  const given = needRecord(where, field, value);
  const time = (name: string) =>
    needTime(where, `${field}.${name}`, given[name], { positive: true });
  const fields = (...names: string[]) => needFields(where, field, given, ["kind", ...names]);
  const kind = needOneOf(where, `${field}.kind`, given.kind, timesKinds);
  switch (kind) {
    case "at":
      fields("atMs");
      return { kind, timesMs: needMoments(where, `${field}.atMs`, given.atMs) };
    case "every": {
      fields("everyMs", "fromMs", "untilMs");
      const positive = { positive: true };
      const everyMs = needDurationMs(where, `${field}.everyMs`, given.everyMs, positive);
      return { kind, everyMs, ...needBounds(where, field, given) };
    }
    case "random":
      fields("gapMs", "fromMs", "untilMs");
      return { kind, gap: time("gapMs"), ...needBounds(where, field, given) };
    case "renewal":
      fields("upMs", "fromMs", "untilMs");
      return { kind, up: time("upMs"), ...needBounds(where, field, given) };
    case "bursts":
      fields("gapMs", "sizeWeights", "windowMs", "fromMs", "untilMs");
      return {
        ...{ kind, gap: time("gapMs") },
        windowMs: needDurationMs(where, `${field}.windowMs`, given.windowMs),
        size: needSizes(where, `${field}.sizeWeights`, given.sizeWeights),
        ...needBounds(where, field, given),
      };
    default:
      fields("observation", "occurrence", "thenEvery", "by", "afterMs");
      return needObserved(where, field, given, nodes);
  }
}

function needObserved(
  where: string,
  field: string,
  given: Record<string, unknown>,
  nodes: readonly PlacedNode[],
): Times {
  const { observation, occurrence, thenEvery, by, afterMs } = given;
  if (typeof observation !== "string" || observation === "") {
    refuse(where, `${field}.observation`, "the name of an observation", observation);
  }
  const count = { min: 1 };
  return {
    ...{ kind: "observed", observation },
    occurrence: needInteger(where, `${field}.occurrence`, occurrence, count),
    thenEvery:
      thenEvery === undefined ? 0 : needInteger(where, `${field}.thenEvery`, thenEvery, count),
    by: by === undefined ? null : needNodeSet(where, `${field}.by`, by, nodes),
    after: afterMs === undefined ? null : needTime(where, `${field}.afterMs`, afterMs),
  };
}

function needMoments(where: string, field: string, value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [needDurationMs(where, field, value)];
  const list = needList(where, field, value);
  return list
    .map((each, i) => needDurationMs(where, `${field}[${i}]`, each) as number)
    .sort((a, b) => a - b);
}

function needBounds(where: string, field: string, given: Record<string, unknown>): Bounds {
  const { fromMs, untilMs } = given;
  return {
    fromMs: fromMs === undefined ? null : needDurationMs(where, `${field}.fromMs`, fromMs),
    untilMs: untilMs === undefined ? Infinity : needDurationMs(where, `${field}.untilMs`, untilMs),
  };
}

function needSizes(
  where: string,
  field: string,
  value: unknown,
): (random: UniformSource) => number {
  const weights = needList(where, field, value).map((weight, i) =>
    needNumber(where, `${field}[${i}]`, weight, { min: 0, exclusiveMax: true }),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) refuse(where, field, "weights of which one is positive", value);
  return (random) => {
    let left = random.nextUniform() * total;
    const index = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    // Rounding may leave a last bit: then it is the largest size that occurs.
    return (index < 0 ? weights.findLastIndex((weight) => weight > 0) : index) + 1;
  };
}
