import type { Distribution } from "../../core/distribution.ts";
import { needDurationMs } from "../../core/duration.ts";
import { needNumber, needOneOf, needRecord } from "../../core/need.ts";
import type { NodeId } from "../../core/protocol.ts";
import type { UniformSource } from "../../core/random.ts";
import { needFields } from "../needFields.ts";
import { needTime } from "../needTime.ts";
import type { PlacedNode } from "../nodeSet.ts";
import type { Controls } from "../world.ts";
import { needLinks } from "./cutLinks.ts";
import type { Damage, Heal } from "./damage.ts";
import { type Moment, needTarget, type Target } from "./faultTargets.ts";
import { partitionDurationNames, partitionDurations } from "./partitionDurations.ts";

/** One strike of a fault: what there is to break, and when. */
export interface Strike {
  readonly damage: Damage;
  readonly controls: Controls;
  readonly moment: Moment;
  /** Draws of the amounts by which clocks jump. */
  readonly amounts: UniformSource;
}

/** A flapping link, checked. */
export interface Flaps {
  readonly periodMs: number;
  readonly cutMs: number;
}

/** What a fault does, checked. */
export interface Action {
  /** Whom it hits, one by one; `null` if it hits the network. */
  readonly target: Target | null;
  /** How long; `"forever"`: until all is healed; `"not at all"`: there is nothing to heal. */
  readonly lasts: Distribution | "forever" | "not at all";
  readonly flaps: Flaps | null;
  /** Decides what will be broken (at a node, if it hits nodes); the result breaks it. */
  prepare(strike: Strike, node: NodeId): () => Heal;
}

const actionKinds = ["crash", "pause", "slow", "cut", "congestion", "clockJump"] as const;

/**
 * Checks what a fault does.
 *
 * @throws {RangeError} naming the field that is wrong
 */
export function needAction(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): Action {
  const given = needRecord(where, field, value);
  const kind = needOneOf(where, `${field}.kind`, given.kind, actionKinds);
  const lasts = () => needLasting(where, `${field}.lastsMs`, given.lastsMs);
  const target = () => needTarget(where, `${field}.target`, given.target, nodes);
  const factor = () =>
    needNumber(where, `${field}.factor`, given.factor, {
      ...{ min: 0, exclusiveMin: true, exclusiveMax: true },
    });
  const fields = (...names: string[]) => needFields(where, field, given, ["kind", ...names]);
  switch (kind) {
    case "crash":
    case "pause":
      fields("target", "lastsMs");
      return {
        ...{ target: target(), lasts: lasts(), flaps: null },
        prepare:
          ({ damage, controls }, node) =>
          () =>
            damage[kind](node, controls),
      };
    case "slow": {
      fields("target", "factor", "lastsMs");
      const times = factor();
      return {
        ...{ target: target(), lasts: lasts(), flaps: null },
        prepare:
          ({ damage, controls }, node) =>
          () =>
            damage.slow(node, times, controls),
      };
    }
    case "cut": {
      fields("links", "lastsMs", "flapping");
      const pick = needLinks(where, `${field}.links`, given.links, nodes);
      return {
        ...{ target: null, lasts: lasts(), flaps: needFlaps(where, field, given.flapping) },
        prepare: ({ damage, controls, moment }) => {
          const links = pick(moment);
          return () => damage.cut(links, controls);
        },
      };
    }
    case "congestion": {
      fields("factor", "lastsMs");
      const times = factor();
      return {
        ...{ target: null, lasts: lasts(), flaps: null },
        prepare:
          ({ damage, controls }) =>
          () =>
            damage.stretch(times, controls),
      };
    }
    default: {
      fields("target", "byMs", "lastsMs");
      const draw = needAmount(where, `${field}.byMs`, given.byMs);
      return {
        ...{ target: target(), flaps: null },
        lasts: given.lastsMs === undefined ? "not at all" : lasts(),
        prepare: ({ damage, controls, amounts }, node) => {
          const byMs = draw(amounts);
          return () => damage.jumpClock(node, byMs, controls);
        },
      };
    }
  }
}

function needLasting(where: string, field: string, value: unknown): Distribution | "forever" {
  if (value === "forever") return value;
  const isPublished =
    typeof value === "object" && (value as { kind?: unknown } | null)?.kind === "published";
  if (!isPublished) return needTime(where, field, value);
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["kind", "name"]);
  const name = needOneOf(where, `${field}.name`, given.name, partitionDurationNames);
  return needTime(where, field, partitionDurations[name]);
}

function needFlaps(where: string, field: string, value: unknown): Flaps | null {
  if (value === undefined) return null;
  const path = `${field}.flapping`;
  const given = needRecord(where, path, value);
  needFields(where, path, given, ["periodMs", "cutShare"]);
  const period = { positive: true };
  const periodMs = needDurationMs(where, `${path}.periodMs`, given.periodMs, period);
  const share = { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true };
  const cutShare = needNumber(where, `${path}.cutShare`, given.cutShare, share);
  return { periodMs, cutMs: periodMs * cutShare };
}

/** How to draw a jump; a fixed one takes a draw all the same. */
function needAmount(
  where: string,
  field: string,
  value: unknown,
): (random: UniformSource) => number {
  const finite = { exclusiveMin: true, exclusiveMax: true, unit: "ms" };
  const range = typeof value === "number" ? { minMs: value, maxMs: value } : value;
  const given = needRecord(where, field, range);
  needFields(where, field, given, ["minMs", "maxMs"]);
  const minMs = needNumber(where, `${field}.minMs`, given.minMs, finite);
  const max = { ...finite, min: minMs, exclusiveMin: false };
  const maxMs = needNumber(where, `${field}.maxMs`, given.maxMs, max);
  return (random) => minMs + (maxMs - minMs) * random.nextUniform();
}
