import type { Sampler } from "../core/tableSampler.ts";
import { EntityStreams } from "./networkDraws.ts";
import { type LinkPlan, planLinks } from "./networkLinks.ts";
import { LinkLosses } from "./networkLoss.ts";
import type { NetworkSpec } from "./networkSpec.ts";
import { Connections, type HeldMessage } from "./networkStream.ts";

export { needNetwork } from "./networkCheck.ts";
export type * from "./networkSpec.ts";
export { linkScopes, linuxStream } from "./networkSpec.ts";

/** What became of a message that a stream had held. */
export interface ReleasedMessage {
  /** What was given to `hold`. */
  readonly message: unknown;
  readonly sentMs: number;
  /** `Infinity` if it was lost with its connection. */
  readonly arrivalMs: number;
}

/** What came of a try to get held messages through. */
export interface Attempt {
  /** Messages no longer held, in the order sent. */
  readonly released: readonly ReleasedMessage[];
  /** Time of the next try; `Infinity` if none is needed. */
  readonly nextMs: number;
}

const nothing: Attempt = { released: [], nextMs: Infinity };

/**
 * The network in one run: says when messages arrive.
 *
 * Each directed link draws from streams of its own, one a purpose: a message takes one draw of latency,
 * whether it arrives or not; one of loss (with bursts two) and two of duplication, where there are such.
 * So links, and settings of one link, do not disturb each other's draws.
 */
export class Network {
  private readonly count: number;
  private readonly plan: LinkPlan;
  private readonly samplers: readonly (Sampler | undefined)[];
  private readonly scales: Float64Array;
  private readonly shiftsMs: Float64Array;
  /** Whether there is nothing but latency, loss and cuts: what most runs have, on a short way. */
  private readonly isSimple: boolean;
  private readonly latencies: EntityStreams;
  private readonly losses: LinkLosses | undefined;
  private readonly duplications: EntityStreams | undefined;
  private readonly copies: EntityStreams;
  private readonly cuts: Int32Array;
  /** Until when a link, or all links of a sender, are busy sending; absent: size does not matter. */
  private readonly busyUntilMs: Float64Array | undefined;
  private readonly connections: Connections | undefined;
  private factor = 1;
  private secondMs = Infinity;
  private held: HeldMessage | undefined;

  /**
   * @param regions of each node
   * @throws {RangeError} naming the field of the spec that is wrong or does not fit the nodes
   */
  constructor(spec: NetworkSpec, regions: readonly string[]) {
    const plan = planLinks("Network", spec, regions);
    const links = regions.length ** 2;
    const { transport, bandwidth } = plan.spec;
    this.count = regions.length;
    this.plan = plan;
    this.samplers = plan.samplers;
    this.scales = plan.scales;
    this.shiftsMs = plan.shiftsMs;
    this.latencies = new EntityStreams("latency", links);
    if (plan.losses.some((loss) => loss !== undefined)) this.losses = new LinkLosses(plan.losses);
    this.copies = new EntityStreams("latency of copies", links);
    if (plan.duplicateProbabilities.some((probability) => probability > 0)) {
      this.duplications = new EntityStreams("duplication", links);
    }
    this.cuts = new Int32Array(links);
    if (bandwidth !== undefined) this.busyUntilMs = new Float64Array(links);
    this.isSimple = this.duplications === undefined && this.busyUntilMs === undefined;
    if (transport?.kind === "stream") this.connections = new Connections(transport, links);
  }

  /** The network of a new run. */
  reset(seed: number): void {
    this.factor = 1;
    this.held = undefined;
    this.cuts.fill(0);
    this.latencies.reset(seed);
    this.losses?.reset(seed);
    this.duplications?.reset(seed);
    this.copies.reset(seed);
    this.busyUntilMs?.fill(0);
    this.connections?.reset();
  }

  /**
   * Time at which a message sent now arrives; `Infinity` if it never does; `NaN` if a stream has to
   * hold it and nobody knows yet: then `hold` comes next.
   *
   * @param sizeBytes >= 0
   */
  arrivalMs(from: number, to: number, nowMs: number, sizeBytes: number): number {
    this.secondMs = Infinity;
    if (from === to) return nowMs;
    const link = from * this.count + to;
    const sampler = this.samplers[link];
    let delayMs = this.shiftsMs[link]!;
    if (sampler !== undefined)
      delayMs += this.scales[link]! * sampler.sample(this.latencies.of(link));
    if (this.connections !== undefined) return this.streamMs(link, nowMs, sizeBytes, delayMs);
    if (!this.isSimple) return this.datagramMs(link, nowMs, sizeBytes, delayMs);
    const isLost = this.losses?.isLost(link) ?? false;
    return isLost || this.cuts[link]! > 0 ? Infinity : nowMs + delayMs * this.factor;
  }

  /** Time at which a second copy of the message asked about last arrives; `Infinity`: there is none. */
  duplicateMs(): number {
    return this.secondMs;
  }

  /**
   * Holds the message asked about last, for which `arrivalMs` gave `NaN`.
   *
   * @param message whatever the caller needs to deliver it
   * @returns time at which to call `attempt` for this link, or `Infinity` if that is arranged already
   */
  hold(from: number, to: number, message: unknown): number {
    return this.connections!.hold(from * this.count + to, { ...this.held!, message });
  }

  /** The time has come at which the connection of a link tries to get through what it holds. */
  attempt(from: number, to: number, nowMs: number): Attempt {
    const link = from * this.count + to;
    const connections = this.connections!;
    if (!connections.isTryDue(link, nowMs)) return nothing;
    const isCut = this.cuts[link]! > 0;
    if (isCut && !connections.givesUp(link, nowMs)) {
      return { released: [], nextMs: connections.fail(link, nowMs) };
    }
    const released = connections.release(link).map((held) => ({
      message: held.message,
      sentMs: held.sentMs,
      arrivalMs: isCut ? Infinity : this.sendHeld(link, nowMs, held),
    }));
    return { released, nextMs: Infinity };
  }

  /** A node has crashed: its connections break, and what they hold is lost. */
  disconnect(node: number): void {
    if (this.connections === undefined) return;
    for (let other = 0; other < this.count; other++) {
      this.connections.drop(node * this.count + other);
      this.connections.drop(other * this.count + node);
    }
  }

  isCut(from: number, to: number): boolean {
    return this.cuts[from * this.count + to]! > 0;
  }

  /** Messages sent on a link from now on do not get through; those under way do. */
  cut(from: number, to: number): void {
    this.cuts[from * this.count + to]!++;
  }

  /** Takes back one cut of a link; it is whole when all are taken back. */
  heal(from: number, to: number): void {
    this.cuts[from * this.count + to]!--;
  }

  /** Latency and time of sending take this many times as long from now on; 1 is normal. */
  stretch(factor: number): void {
    this.factor = factor;
  }

  /** A datagram where size matters or copies are made. */
  private datagramMs(link: number, nowMs: number, sizeBytes: number, delayMs: number): number {
    const departMs = this.departMs(link, nowMs, sizeBytes);
    const isLost = this.losses?.isLost(link) ?? false;
    const isGone = isLost || this.cuts[link]! > 0;
    if (this.duplications !== undefined) this.duplicate(link, departMs, isGone);
    return isGone ? Infinity : departMs + delayMs * this.factor;
  }

  /** Time at which a message has been sent completely, after those before it. */
  private departMs(link: number, nowMs: number, sizeBytes: number): number {
    if (this.busyUntilMs === undefined) return nowMs;
    const isShared = this.plan.spec.bandwidth!.kind === "sender";
    const queue = isShared ? Math.floor(link / this.count) : link;
    const startMs = Math.max(nowMs, this.busyUntilMs[queue]!);
    const departMs = startMs + sizeBytes * this.plan.msPerByte[link]! * this.factor;
    this.busyUntilMs[queue] = departMs;
    return departMs;
  }

  private duplicate(link: number, departMs: number, isGone: boolean): void {
    const probability = this.plan.duplicateProbabilities[link]!;
    if (probability === 0) return;
    const isTwice = this.duplications!.of(link).nextUint32() < probability * 2 ** 32;
    const draw = this.samplers[link]?.sample(this.copies.of(link)) ?? 0;
    const delayMs = this.shiftsMs[link]! + this.scales[link]! * draw;
    if (isTwice && !isGone) this.secondMs = departMs + delayMs * this.factor;
  }

  private streamMs(link: number, nowMs: number, sizeBytes: number, delayMs: number): number {
    const connections = this.connections!;
    const losses = this.losses?.lossesInRow(link, lossesMax) ?? 0;
    const lossMs = connections.lossMs(losses);
    if (this.cuts[link]! > 0 || connections.isStalled(link)) {
      this.held = { message: undefined, sentMs: nowMs, sizeBytes, delayMs, lossMs };
      return Number.NaN;
    }
    const departMs = this.departMs(link, nowMs, sizeBytes);
    return connections.arrivalMs(link, departMs, delayMs * this.factor, lossMs);
  }

  private sendHeld(link: number, nowMs: number, held: HeldMessage): number {
    const departMs = this.departMs(link, nowMs, held.sizeBytes);
    return this.connections!.arrivalMs(link, departMs, held.delayMs * this.factor, held.lossMs);
  }
}

/** Losses in a row that a stream looks at: with doubling timeouts, longer than anyone waits. */
const lossesMax = 64;
