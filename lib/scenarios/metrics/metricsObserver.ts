import { needInteger, needNumber } from "../../core/need.ts";
import type { Completion, NodeId, Operation } from "../../core/protocol.ts";
import type { RunObserver } from "../../simulation/world.ts";
import { Availability } from "./availability.ts";
import { BinCounter } from "./binCounter.ts";
import { type Counted, OperationCounts } from "./counted.ts";
import { Freshness } from "./freshness.ts";
import { Leadership, Machines } from "./leadership.ts";
import { Load, type RunProbe } from "./load.ts";
import { LossAccounts } from "./lossAccounts.ts";
import type { LedgerLimits } from "./lossLedger.ts";
import { PrimaryKeys } from "./primaryKeys.ts";
import type { RunMetrics } from "./runMetrics.ts";
import { metricsOfRun } from "./runResult.ts";
import { Sessions } from "./sessions.ts";
import { isMeasuredAt, type MeasuredWindow } from "./stopwatch.ts";
import { logOf, type Told } from "./told.ts";
import { type Invocation, TrackedOperation } from "./trackedOperation.ts";

/** What is measured of a run. */
export interface MetricsOptions {
  /** Operations invoked earlier are watched but not counted, in ms; 0 if absent. */
  readonly warmUpMs?: number;
  /**
   * End of the workload: operations invoked later are not counted, in ms; the end of the run if absent.
   * Let the run go on for as long as clients wait, so that all operations end.
   */
  readonly untilMs?: number;
  /** Number of partitions; key k belongs to partition k modulo it; 1 if absent. */
  readonly partitions?: number;
  /**
   * A write that is acknowledged later than this after its invocation, in ms, counts as an outage; no
   * limit if absent.
   */
  readonly timeoutMs?: number;
  /** Most entries of a partition that are watched without being known to be everywhere; 2^20 if absent. */
  readonly watchedEntries?: number;
  /**
   * Entries that all replicas have are watched for so many positions more, in case they have them in
   * memory only and crash; 1,024 if absent.
   */
  readonly settledMargin?: number;
  /** The replicas of each partition, for the load of leaders and followers; absent: not measured. */
  readonly replicas?: readonly (readonly NodeId[])[];
  /** What the run loop counts; absent: load and messages are not measured. */
  readonly probe?: RunProbe;
}

/** Watches runs and counts. */
export interface MetricsObserver extends RunObserver {
  /**
   * Time has come to `warmUpMs` or to `untilMs`: load and messages are read now. Without these calls they
   * are read as the next operation, observation or fault is told, which may be much later.
   */
  reached(timeMs: number): void;
  /** What was counted in the run that has ended. */
  result(): RunMetrics;
}

/**
 * Measures runs as they happen: give it to a simulator as an observer, ask for the result after each
 * run. Forgets the run before when the next one begins. Memory does not grow with the length of a run;
 * the bounds stand with `Freshness`, `MarkTable`, `Dependencies`, `LossLedger` and `PrimaryKeys`.
 *
 * What replicas know is taken from what the protocol tells (`leads`, `yields`, `settled`, `accepted`,
 * `acknowledged`, ...); of a protocol that tells nothing, only what clients see is measured.
 *
 * @throws {RangeError} if a time is negative or a number of partitions below 1
 */
export function metricsObserver(options: MetricsOptions = {}): MetricsObserver {
  const where = "metricsObserver";
  const { warmUpMs = 0, untilMs = Infinity, partitions = 1, watchedEntries = 2 ** 20 } = options;
  needNumber(where, "warmUpMs", warmUpMs, { min: 0 });
  needNumber(where, "untilMs", untilMs, { min: warmUpMs });
  needInteger(where, "partitions", partitions, { min: 1 });
  needInteger(where, "watchedEntries", watchedEntries, { min: 1 });
  const { settledMargin = 1024, timeoutMs = Infinity } = options;
  needNumber(where, "timeoutMs", timeoutMs, { min: 0 });
  needInteger(where, "settledMargin", settledMargin, { min: 0 });
  const window = { fromMs: warmUpMs, toMs: untilMs };
  return new Observer(window, partitions, { capacity: watchedEntries, settledMargin }, options);
}

class Observer implements MetricsObserver, Counted {
  endMs = 0;
  counts: OperationCounts = new OperationCounts();
  readonly writeLatencyMs: BinCounter = new BinCounter();
  readonly readLatencyMs: BinCounter = new BinCounter();
  readonly timeToOnlineMs: BinCounter = new BinCounter();
  readonly freshness: Freshness = new Freshness();
  readonly primaryKeys: PrimaryKeys = new PrimaryKeys();
  readonly sessions: Sessions;
  readonly losses: LossAccounts;
  readonly leaderships: readonly Leadership[];
  readonly availabilities: readonly Availability[];
  readonly load: Load | undefined;
  readonly probe: RunProbe | undefined;
  readonly window: MeasuredWindow;
  private readonly partitions: number;
  private readonly machines = new Machines();
  private readonly restartMs = new Map<NodeId, number>();
  /** Operations under way, and writes of which not all is known. */
  private readonly tracked = new Map<number, TrackedOperation>();
  /** Reads that have ended, to be used again: as many as were under way at one time. */
  private readonly free: TrackedOperation[] = [];

  constructor(
    window: MeasuredWindow,
    partitions: number,
    limits: LedgerLimits,
    { replicas, probe, timeoutMs = Infinity }: MetricsOptions,
  ) {
    this.window = window;
    this.partitions = partitions;
    this.probe = probe;
    this.sessions = new Sessions(partitions);
    this.losses = new LossAccounts(partitions, limits, this.tracked, this.freshness);
    const each = Array.from({ length: partitions });
    this.leaderships = each.map(() => new Leadership(this.machines, window));
    this.availabilities = each.map(() => new Availability(window, timeoutMs));
    this.load = probe && new Load(replicas ?? [], probe, window);
    this.runBegan();
  }

  result(): RunMetrics {
    return metricsOfRun(this);
  }

  runBegan(): void {
    this.endMs = 0;
    this.counts = new OperationCounts();
    for (const each of [this.writeLatencyMs, this.readLatencyMs, this.timeToOnlineMs]) each.reset();
    for (const each of [this.freshness, this.primaryKeys, this.sessions, this.losses]) each.reset();
    for (const each of [...this.leaderships, ...this.availabilities, this.machines]) each.reset();
    this.load?.reset();
    this.restartMs.clear();
    this.tracked.clear();
  }

  invoked(operation: Operation, node: NodeId, timeMs: number): void {
    this.load?.at(timeMs);
    const { freshness, counts } = this;
    const { id, kind, key } = operation;
    const partition = key % this.partitions;
    const isMeasured = isMeasuredAt(this.window, timeMs);
    const { acknowledgements } = freshness;
    const tracked = this.track({
      operation,
      node,
      partition,
      timeMs,
      isMeasured,
      acknowledgements,
      key: freshness.key(key),
    });
    this.tracked.set(id, tracked);
    if (kind !== "insert") this.sessions.invoked(tracked);
    if (kind !== "read") this.availabilities[partition]!.invoked(tracked);
    if (!isMeasured) return;
    if (kind === "read") counts.reads++;
    else counts.writes++;
  }

  completed({ id, kind }: Operation, completion: Completion, _node: NodeId, timeMs: number): void {
    this.load?.at(timeMs);
    const tracked = this.tracked.get(id);
    if (tracked === undefined || tracked.ending !== "none") return;
    tracked.ending = completion.outcome;
    if (kind === "read") this.readEnded(tracked, completion, timeMs);
    else this.writeEnded(tracked, completion, timeMs);
  }

  observed(name: string, value: unknown, node: NodeId, timeMs: number): void {
    this.load?.at(timeMs);
    const told = (value ?? {}) as Told;
    const { partition = 0 } = told;
    const leadership = this.leaderships[partition];
    if (leadership === undefined) return;
    switch (name) {
      case "accepted":
      case "acknowledged":
        if (name === "acknowledged") leadership.acknowledged(node, timeMs);
        this.losses.logged(told.operation ?? -1, told.version ?? 0, node, name === "accepted");
        return;
      case "settled":
        this.losses.settled(partition, node, told.position ?? 0);
        return;
      case "leads":
        this.losses.leads(partition, logOf(node, told));
        leadership.leads(node, told.epoch ?? 0, timeMs);
        this.load?.led(partition, leadership.newest, timeMs);
        return;
      case "yields":
        leadership.yields(node, timeMs);
        if (node === leadership.newest) this.load?.led(partition, -1, timeMs);
        return;
      case "suspended":
        leadership.suspends(node, told.isSuspended === true, timeMs);
        return;
      case "fellBack":
        leadership.fallsBack(node, told.isAsynchronous === true, timeMs);
        return;
      case "online":
        this.online(node, timeMs);
        return;
      default:
        this.thrownAway(name, told, timeMs);
    }
  }

  faulted(name: string, node: NodeId, _value: number, timeMs: number): void {
    this.load?.at(timeMs);
    if (!machineFaults.has(name)) return;
    this.machines.faulted(name, node);
    for (const [partition, each] of this.leaderships.entries()) {
      each.faulted(name, node, timeMs);
      if (name === "crash" && node === each.newest) this.load?.led(partition, -1, timeMs);
    }
    if (name === "restart") this.restartMs.set(node, timeMs);
    if (name === "crash") this.clientDied(node, timeMs);
  }

  reached(timeMs: number): void {
    this.load?.at(timeMs);
    if (timeMs >= this.window.toMs) this.load?.end(timeMs);
  }

  runEnded(timeMs: number): void {
    this.endMs = timeMs;
    this.load?.end(timeMs);
    for (const each of this.availabilities) each.runEnded(timeMs);
    this.losses.runEnded(this.leaderships.map((each) => each.isLed()));
  }

  private track(invocation: Invocation): TrackedOperation {
    const free = invocation.operation.kind === "read" ? this.free.pop() : undefined;
    if (free === undefined) return new TrackedOperation(invocation);
    free.readAgain(invocation);
    return free;
  }

  private readEnded(read: TrackedOperation, completion: Completion, timeMs: number): void {
    this.tracked.delete(read.operation.id);
    this.free.push(read);
    if (completion.outcome !== "ok") return;
    if (read.isMeasured) {
      this.counts.okReads++;
      this.readLatencyMs.add(timeMs - read.invokedMs);
    }
    this.freshness.answered(read, completion);
    this.sessions.answered(read, completion);
    this.losses.seen(read, completion);
  }

  private writeEnded(write: TrackedOperation, completion: Completion, timeMs: number): void {
    const { counts, losses } = this;
    const { version, outcome } = completion;
    if (outcome === "ok") write.acknowledgedMs = timeMs;
    losses.ended(write, version);
    if (write.isMeasured) {
      if (outcome === "failed") counts.failedWrites++;
      if (outcome === "ok") {
        counts.okWrites++;
        this.writeLatencyMs.add(timeMs - write.invokedMs);
      }
    }
    if (outcome === "ok") this.written(write, completion, timeMs);
    this.availabilities[write.partition]!.ended(write, timeMs);
  }

  private written(write: TrackedOperation, { value, version }: Completion, timeMs: number): void {
    const { operation, partition, isMeasured } = write;
    if (operation.kind === "insert") {
      if (value === null) return;
      const key = value * this.partitions + partition;
      this.primaryKeys.handedOut(key, operation.session, isMeasured);
      return;
    }
    this.freshness.acknowledged(write, version, timeMs);
    this.sessions.acknowledged(write, version);
  }

  /** Whoever waits at a node that crashes never gets an answer. */
  private clientDied(node: NodeId, timeMs: number): void {
    for (const tracked of this.tracked.values()) {
      if (tracked.node !== node || tracked.ending !== "none") continue;
      tracked.ending = "void";
      if (tracked.operation.kind === "read") this.tracked.delete(tracked.operation.id);
      else {
        this.losses.ended(tracked, 0);
        this.availabilities[tracked.partition]!.ended(tracked, timeMs);
      }
    }
  }

  private online(node: NodeId, timeMs: number): void {
    const sinceMs = this.restartMs.get(node);
    this.restartMs.delete(node);
    if (sinceMs === undefined || !isMeasuredAt(this.window, sinceMs)) return;
    this.timeToOnlineMs.add(timeMs - sinceMs);
  }

  private thrownAway(name: string, { count = 0, rowCount = 0 }: Told, timeMs: number): void {
    if (!isMeasuredAt(this.window, timeMs)) return;
    if (name === "discarded") this.counts.discardedEntries += count;
    if (name === "kept") this.counts.divergentRows += rowCount;
  }
}

const machineFaults: ReadonlySet<string> = new Set(["crash", "restart", "pause", "resume"]);
