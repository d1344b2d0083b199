import type { DistributionSpec } from "../core/distribution.ts";
import type { Durable } from "../core/protocol.ts";

/** Disks of the nodes. */
export interface DiskSpec {
  /** Time of one sync, in ms. */
  readonly syncMs: DistributionSpec;
  /** Bytes that a sync writes in a ms beyond that; `Infinity`: size does not matter. */
  readonly bytesPerMs: number;
}

/** What one node has written, and how much of it is durable. */
export class Disk {
  private slots: Record<string, unknown> = {};
  private log: unknown[] = [];
  private firstPosition = 1;

  readonly spec: DiskSpec | undefined;
  readonly node: number;

  constructor(spec: DiskSpec | undefined, node: number) {
    this.spec = spec;
    this.node = node;
  }

  /** The empty disk of a new run. */
  reset(_seed: number): void {
    this.slots = {};
    this.log = [];
    this.firstPosition = 1;
  }

  store(slot: string, value: unknown, _sizeBytes: number): void {
    this.slots[slot] = value;
  }

  append(entry: unknown, _sizeBytes: number): void {
    this.log.push(entry);
  }

  truncate(fromPosition: number): void {
    this.log.length = Math.max(0, fromPosition - this.firstPosition);
  }

  trim(beforePosition: number): void {
    const count = Math.min(this.log.length, Math.max(0, beforePosition - this.firstPosition));
    this.log.splice(0, count);
    this.firstPosition += count;
  }

  resetLog(firstPosition: number): void {
    this.log = [];
    this.firstPosition = firstPosition;
  }

  /**
   * A sync was asked for: the time at which all that was written so far is durable. Syncs end in the
   * order in which they were asked for.
   */
  syncEndMs(nowMs: number): number {
    return nowMs;
  }

  /** The sync that was asked for first among those not ended has ended. */
  synced(): void {}

  /** What is left of the writes after a crash. */
  crash(_nowMs: number): void {}

  /** Everything takes so many times as long. */
  slow(_factor: number): void {}

  durable(): Durable {
    return { slots: { ...this.slots }, log: [...this.log], firstPosition: this.firstPosition };
  }
}
