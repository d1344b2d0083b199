import type { Durable } from "../core/protocol.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { type Sampler, samplerOf } from "../core/tableSampler.ts";
import { DiskImage } from "./diskImage.ts";
import { type DiskPlan, type DiskSpec, planDisk } from "./diskSpec.ts";

export { type DiskSpec, needDisk, type SyncReport, syncReports } from "./diskSpec.ts";

/**
 * The disk of one node in one run: what was written, how much of it is durable, and when syncs end.
 *
 * Slots and log entries are durable after the next sync; removing entries is durable at once. A crash
 * leaves the slots as last synced and the log without the entries not synced (of which torn writes
 * may leave some). Without a spec all is durable at once, and syncs end when they are asked for.
 */
export class Disk {
  private readonly plan: DiskPlan | undefined;
  private readonly sampler: Sampler | undefined;
  private readonly image: DiskImage;
  private seed = 0;
  private syncTimes: RandomStream | undefined;
  private tears: RandomStream | undefined;
  private slowness = 1;
  private unsyncedBytes = 0;
  /** When the disk has written all bytes given to it. */
  private writtenMs = 0;
  /** Begin and end of the last sync that is planned. */
  private syncBeginMs = 0;
  private syncUntilMs = 0;
  /** Of a disk that lies: when the syncs reported really end. */
  private reportedMs: number[] = [];

  readonly spec: DiskSpec | undefined;
  readonly node: number;

  /** @throws {RangeError} naming the field of the spec that is wrong */
  constructor(spec: DiskSpec | undefined, node: number) {
    this.spec = spec;
    this.node = node;
    this.plan = spec === undefined ? undefined : planDisk("Disk", spec);
    this.sampler = this.plan === undefined ? undefined : samplerOf(this.plan.syncMs);
    this.image = new DiskImage(spec === undefined);
  }

  /** The empty disk of a new run. */
  reset(seed: number): void {
    this.seed = seed;
    this.syncTimes = undefined;
    this.tears = undefined;
    this.slowness = 1;
    this.image.reset();
    this.forgetSyncs();
  }

  /** Stores a value under a name; durable after the next sync. */
  store(slot: string, value: unknown, sizeBytes: number): void {
    this.image.store(slot, value);
    this.unsyncedBytes += sizeBytes;
  }

  /** Appends an entry to the log; durable after the next sync. */
  append(entry: unknown, sizeBytes: number): void {
    this.image.append(entry);
    this.unsyncedBytes += sizeBytes;
  }

  /** Removes the entries from a position on. Durable at once. */
  truncate(fromPosition: number): void {
    this.image.truncate(fromPosition);
  }

  /** Removes the entries before a position. Durable at once. */
  trim(beforePosition: number): void {
    this.image.trim(beforePosition);
  }

  /** Replaces the log by an empty one that begins at a position. Durable at once. */
  resetLog(firstPosition: number): void {
    this.image.resetLog(firstPosition);
  }

  /**
   * A sync was asked for: the time at which it reports that all that was written so far is durable.
   * Syncs end in the order in which they were asked for.
   *
   * @param nowMs not before that of the call before
   */
  syncEndMs(nowMs: number): number {
    const { plan } = this;
    if (plan === undefined) return nowMs;
    this.image.mark();
    const bytesMs = (this.slowness * this.unsyncedBytes) / plan.bytesPerMs;
    this.unsyncedBytes = 0;
    const endMs = plan.groupCommit
      ? this.groupEndMs(nowMs, bytesMs)
      : this.ownEndMs(nowMs, bytesMs);
    if (!plan.lies) return endMs;
    this.commitReported(nowMs);
    this.reportedMs.push(endMs);
    return nowMs;
  }

  /** The sync that was asked for first among those not ended has ended. */
  synced(): void {
    if (this.plan !== undefined && !this.plan.lies) this.image.commit();
  }

  /** Loses what a crash of the node at a time would lose; syncs under way never end. */
  crash(nowMs: number): void {
    if (this.plan === undefined) return;
    this.commitReported(nowMs);
    this.image.crash(this.plan.torn ? this.drawSurvivors() : 0);
    this.forgetSyncs();
  }

  /** Syncs asked for from now on take this many times as long; 1 is normal. */
  slow(factor: number): void {
    this.slowness = factor;
  }

  /** What a crash now would leave, as a copy that nobody else changes. */
  durable(): Durable {
    return this.image.durable();
  }

  /**
   * With group commit, the disk writes while a sync is running; the next sync begins when that one has
   * ended and covers all that is written by then.
   */
  private groupEndMs(nowMs: number, bytesMs: number): number {
    this.writtenMs = Math.max(this.writtenMs, nowMs) + bytesMs;
    const isJoined = this.syncBeginMs > nowMs && this.writtenMs <= this.syncBeginMs;
    if (isJoined) return this.syncUntilMs;
    this.syncBeginMs = Math.max(this.syncUntilMs, this.writtenMs);
    this.syncUntilMs = this.syncBeginMs + this.drawSyncMs();
    return this.syncUntilMs;
  }

  private ownEndMs(nowMs: number, bytesMs: number): number {
    this.syncUntilMs = Math.max(this.syncUntilMs, nowMs) + bytesMs + this.drawSyncMs();
    return this.syncUntilMs;
  }

  private drawSyncMs(): number {
    this.syncTimes ??= this.stream("sync time");
    return this.slowness * this.sampler!.sample(this.syncTimes);
  }

  private drawSurvivors(): number {
    this.tears ??= this.stream("torn writes");
    return Math.floor(this.tears.nextUniform() * (this.image.unsyncedCount + 1));
  }

  /** Commits the syncs of a disk that lies which have really ended. */
  private commitReported(nowMs: number): void {
    const count = this.reportedMs.findIndex((endMs) => endMs > nowMs);
    const ended = this.reportedMs.splice(0, count < 0 ? this.reportedMs.length : count);
    for (const _ of ended) this.image.commit();
  }

  private forgetSyncs(): void {
    this.unsyncedBytes = 0;
    this.writtenMs = 0;
    this.syncBeginMs = 0;
    this.syncUntilMs = 0;
    this.reportedMs = [];
  }

  private stream(purpose: string): RandomStream {
    return randomStream({ seed: this.seed, purpose, entity: this.node });
  }
}
