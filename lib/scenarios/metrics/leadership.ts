import type { NodeId } from "../../core/protocol.ts";
import { isMeasuredAt, type MeasuredWindow, Stopwatch } from "./stopwatch.ts";

/** Which machines run, as faults tell. */
export class Machines {
  private readonly down = new Set<NodeId>();
  private readonly paused = new Set<NodeId>();

  reset(): void {
    this.down.clear();
    this.paused.clear();
  }

  faulted(name: string, node: NodeId): void {
    if (name === "crash") this.down.add(node);
    if (name === "restart") this.down.delete(node);
    if (name === "pause" && !this.down.has(node)) this.paused.add(node);
    if (name === "resume" || name === "crash") this.paused.delete(node);
  }

  /** Up and not paused. */
  isRunning(node: NodeId): boolean {
    return !this.down.has(node) && !this.paused.has(node);
  }
}

/**
 * Who leads one partition, from what nodes tell (`leads`, `yields`, `suspended`, `fellBack`) and from
 * faults: a crash ends a node's leadership, a pause interrupts it.
 */
export class Leadership {
  /** Somebody has said that he leads. */
  isTold = false;
  failovers = 0;
  falseFailovers = 0;
  writesInSplitBrain = 0;
  /** Who began to lead last, in the newest epoch; -1: nobody yet. */
  newest: NodeId = -1;
  private newestEpoch = -1;
  private hasCrashed = false;
  private readonly leaders = new Set<NodeId>();
  private readonly suspended = new Set<NodeId>();
  private readonly fallenBack = new Set<NodeId>();
  private readonly machines: Machines;
  private readonly window: MeasuredWindow;
  private leaderless: Stopwatch;
  private splitBrain: Stopwatch;
  private asynchronous: Stopwatch;
  private waiting: Stopwatch;

  constructor(machines: Machines, window: MeasuredWindow) {
    this.machines = machines;
    this.window = window;
    this.leaderless = new Stopwatch(window);
    this.splitBrain = new Stopwatch(window);
    this.asynchronous = new Stopwatch(window);
    this.waiting = new Stopwatch(window);
  }

  reset(): void {
    this.isTold = false;
    this.failovers = 0;
    this.falseFailovers = 0;
    this.writesInSplitBrain = 0;
    this.newest = -1;
    this.newestEpoch = -1;
    this.hasCrashed = false;
    for (const set of [this.leaders, this.suspended, this.fallenBack]) set.clear();
    this.leaderless = new Stopwatch(this.window);
    this.splitBrain = new Stopwatch(this.window);
    this.asynchronous = new Stopwatch(this.window);
    this.waiting = new Stopwatch(this.window);
    this.leaderless.set(true, 0);
  }

  leads(node: NodeId, epoch: number, nowMs: number): void {
    this.isTold = true;
    this.leaders.add(node);
    this.suspended.delete(node);
    this.fallenBack.delete(node);
    if (epoch >= this.newestEpoch) {
      if (this.newest >= 0 && this.newest !== node && isMeasuredAt(this.window, nowMs)) {
        this.failovers++;
        if (!this.hasCrashed && this.machines.isRunning(this.newest)) this.falseFailovers++;
      }
      this.newest = node;
      this.newestEpoch = epoch;
      this.hasCrashed = false;
    }
    this.update(nowMs);
  }

  yields(node: NodeId, nowMs: number): void {
    this.leaders.delete(node);
    this.update(nowMs);
  }

  suspends(node: NodeId, isSuspended: boolean, nowMs: number): void {
    if (isSuspended) this.suspended.add(node);
    else this.suspended.delete(node);
    this.update(nowMs);
  }

  fallsBack(node: NodeId, isAsynchronous: boolean, nowMs: number): void {
    if (isAsynchronous) this.fallenBack.add(node);
    else this.fallenBack.delete(node);
    this.update(nowMs);
  }

  /** A leader has acknowledged a write; the newest one's right to do so is not in doubt. */
  acknowledged(node: NodeId, nowMs: number): void {
    if (node === this.newest) return;
    if (this.splitBrain.isOn && isMeasuredAt(this.window, nowMs)) this.writesInSplitBrain++;
  }

  /** A machine has crashed, come back, been paused or resumed. */
  faulted(name: string, node: NodeId, nowMs: number): void {
    if (name === "crash") {
      this.leaders.delete(node);
      if (node === this.newest) this.hasCrashed = true;
    }
    this.update(nowMs);
  }

  /** Whether the newest leader leads and is up, paused or not. */
  isLed(): boolean {
    return this.leaders.has(this.newest);
  }

  leaderlessMs(nowMs: number): number {
    return this.leaderless.totalMs(nowMs);
  }

  splitBrainMs(nowMs: number): number {
    return this.splitBrain.totalMs(nowMs);
  }

  asynchronousMs(nowMs: number): number {
    return this.asynchronous.totalMs(nowMs);
  }

  suspendedMs(nowMs: number): number {
    return this.waiting.totalMs(nowMs);
  }

  private update(nowMs: number): void {
    let running = 0;
    let accepting = 0;
    let asynchronous = 0;
    for (const node of this.leaders) {
      if (!this.machines.isRunning(node)) continue;
      running++;
      if (!this.suspended.has(node)) accepting++;
      if (this.fallenBack.has(node)) asynchronous++;
    }
    this.leaderless.set(running === 0, nowMs);
    this.splitBrain.set(accepting >= 2, nowMs);
    this.asynchronous.set(asynchronous > 0, nowMs);
    this.waiting.set(running > 0 && accepting === 0, nowMs);
  }
}
