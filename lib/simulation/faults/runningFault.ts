import type { NodeId } from "../../core/protocol.ts";
import { type RandomStream, randomStream } from "../../core/random.ts";
import type { Controls } from "../world.ts";
import type { Damage } from "./damage.ts";
import { Episode } from "./episode.ts";
import { drawn, type Moment } from "./faultTargets.ts";
import type { Leadership } from "./leadership.ts";
import type { Fault } from "./needFaults.ts";

/** What is to be done when an actor wakes. */
export type Due = () => void;

/** What all faults of a run share. */
export interface Site {
  readonly damage: Damage;
  readonly leadership: Leadership;
  /** What lasts at the moment, in the order in which it began. */
  readonly episodes: Set<Episode>;
}

/** Stands for "no node in particular": the fault chooses its targets. */
const anyNode = -1;

/** One fault in a run: when it strikes next, and its random streams. */
export class RunningFault {
  private seed = 0;
  private streams = new Map<string, RandomStream>();
  private occurrences = 0;
  private readonly fault: Fault;
  private readonly site: Site;

  constructor(fault: Fault, site: Site) {
    this.fault = fault;
    this.site = site;
  }

  /** A new run: no draws yet. */
  reset(seed: number): void {
    this.seed = seed;
    this.streams = new Map();
    this.occurrences = 0;
  }

  /** Plans the first strike. */
  begin(controls: Controls): void {
    const { when, what } = this.fault;
    switch (when.kind) {
      case "at":
        this.strikeAt(when.timesMs, 0, controls);
        break;
      case "every":
        this.strikeEvery(when, 0, controls);
        break;
      case "random":
      case "bursts":
        this.strikeAfterGap(when, when.fromMs ?? 0, controls);
        break;
      case "renewal":
        for (const node of what.target?.fixed ?? [anyNode]) {
          this.renew(when, node, when.fromMs ?? 0, controls);
        }
        break;
      default:
    }
  }

  /** A protocol told something. */
  observed(name: string, node: NodeId, controls: Controls): void {
    const { when } = this.fault;
    if (when.kind !== "observed" || when.observation !== name) return;
    if (when.by !== null && !when.by.includes(node)) return;
    const beyond = ++this.occurrences - when.occurrence;
    const isAgain = when.thenEvery > 0 && beyond > 0 && beyond % when.thenEvery === 0;
    if (beyond !== 0 && !isAgain) return;
    if (when.after === null) {
      this.strike(anyNode, node, controls);
      return;
    }
    const delayMs = when.after.sample(this.stream("times"));
    controls.wakeAt(controls.nowMs + delayMs, () => this.strike(anyNode, node, controls));
  }

  private strikeAt(timesMs: readonly number[], index: number, controls: Controls): void {
    const timeMs = timesMs[index];
    if (timeMs === undefined) return;
    controls.wakeAt(timeMs, () => {
      this.strike(anyNode, anyNode, controls);
      this.strikeAt(timesMs, index + 1, controls);
    });
  }

  private strikeEvery(when: When<"every">, index: number, controls: Controls): void {
    // From the first time on, so that rounding does not add up.
    const timeMs = (when.fromMs ?? when.everyMs) + index * when.everyMs;
    if (timeMs >= when.untilMs) return;
    controls.wakeAt(timeMs, () => {
      this.strike(anyNode, anyNode, controls);
      this.strikeEvery(when, index + 1, controls);
    });
  }

  private strikeAfterGap(
    when: When<"random"> | When<"bursts">,
    fromMs: number,
    controls: Controls,
  ): void {
    const timeMs = fromMs + when.gap.sample(this.stream("times"));
    if (timeMs >= when.untilMs || timeMs === Infinity) return;
    controls.wakeAt(timeMs, () => {
      if (when.kind === "bursts") this.burst(when, controls);
      else this.strike(anyNode, anyNode, controls);
      this.strikeAfterGap(when, timeMs, controls);
    });
  }

  private burst(when: When<"bursts">, controls: Controls): void {
    const size = when.size(this.stream("sizes"));
    const nodes = drawn(this.fault.what.target?.fixed ?? [], size, this.stream("targets"));
    for (const node of nodes) {
      const offsetMs = when.windowMs * this.stream("offsets").nextUniform();
      controls.wakeAt(controls.nowMs + offsetMs, () => this.strike(node, anyNode, controls));
    }
  }

  private renew(when: When<"renewal">, node: NodeId, upMs: number, controls: Controls): void {
    const timeMs = upMs + when.up.sample(this.stream("times", node));
    if (timeMs >= when.untilMs || timeMs === Infinity) return;
    controls.wakeAt(timeMs, () => {
      const endMs = this.strike(node, anyNode, controls);
      if (endMs < Infinity) this.renew(when, node, endMs, controls);
    });
  }

  /**
   * Strikes a node, or the targets of the moment.
   *
   * @returns the time at which the last of it is over; now, if nobody was hit
   */
  private strike(only: NodeId, self: NodeId, controls: Controls): number {
    const { leadership } = this.site;
    const { target } = this.fault.what;
    const moment: Moment = {
      ...{ self, random: this.stream("targets") },
      leader: (partition) => leadership.leader(partition, (node) => controls.isUp(node)),
    };
    const hit = only !== anyNode ? [only] : (target?.pick(moment) ?? [anyNode]);
    let endMs = controls.nowMs;
    for (const node of hit) endMs = Math.max(endMs, this.hit(node, moment, controls));
    return endMs;
  }

  /** Returns when it is over. */
  private hit(node: NodeId, moment: Moment, controls: Controls): number {
    const { what } = this.fault;
    const { damage, episodes } = this.site;
    const amounts = this.stream("amounts", node);
    const apply = what.prepare({ damage, controls, moment, amounts }, node);
    if (what.lasts === "not at all") {
      apply();
      return controls.nowMs;
    }
    const lastsMs =
      what.lasts === "forever" ? Infinity : what.lasts.sample(this.stream("durations", node));
    const episode = new Episode(apply, episodes);
    const endMs = controls.nowMs + lastsMs;
    if (endMs < Infinity) controls.wakeAt(endMs, () => episode.end());
    if (what.flaps !== null) episode.flap(what.flaps, controls.nowMs, 0, controls);
    return endMs;
  }

  private stream(purpose: string, node: NodeId = anyNode): RandomStream {
    const name = node === anyNode ? purpose : `${purpose} of node ${node}`;
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    const key = { seed: this.seed, purpose: `fault: ${name}`, entity: this.fault.key };
    const stream = randomStream(key);
    this.streams.set(name, stream);
    return stream;
  }
}

type When<Kind extends Fault["when"]["kind"]> = Fault["when"] & { readonly kind: Kind };
