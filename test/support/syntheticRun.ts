import {
  type Completion,
  type NodeId,
  type Operation,
  versionOf,
} from "../../lib/core/protocol.ts";
import { randomStream } from "../../lib/core/random.ts";
import type { RunObserver } from "../../lib/simulation/world.ts";
import type { FullLog } from "./metricsOracle.ts";

/** What a synthetic run is like. */
export interface SyntheticOptions {
  readonly steps: number;
  readonly partitions: number;
  /** Leaders tell of entries as they make them. */
  readonly tellsEntries: boolean;
  /** Faults and changes of leaders are this rare: 1 in so many steps. */
  readonly faultEvery: number;
  /** Somebody leads each partition as the run ends. */
  readonly endsLed: boolean;
}

interface Entry {
  readonly epoch: number;
  readonly operation: Operation;
  readonly version: number;
}

interface PendingWrite {
  readonly operation: Operation;
  readonly client: NodeId;
  entry: Entry | undefined;
  by: NodeId;
  isAcknowledged: boolean;
  isAnswered: boolean;
}

const nodesPerPartition = 3;
const clients = [100, 101];

/**
 * A random run of leaders that are replaced, split brains, logs cut and copied, clients that die: told to
 * observers directly, without any protocol, so that all that the rules allow happens. Times may be equal.
 */
export class SyntheticRun {
  private readonly random;
  private readonly options: SyntheticOptions;
  private readonly seed: number;
  private nowMs = 0;
  private nextId = 0;
  private readonly logs: Entry[][];
  private readonly epochs: number[];
  private readonly leading = new Set<NodeId>();
  private readonly down = new Set<NodeId>();
  private newestEpoch: number[];
  private settledPosition: number[];
  private writes: PendingWrite[] = [];
  private reads: { operation: Operation; client: NodeId }[] = [];
  private readonly done: Operation[] = [];
  private observers: readonly RunObserver[] = [];

  constructor(seed: number, options: SyntheticOptions) {
    this.seed = seed;
    this.options = options;
    this.random = randomStream({ seed, purpose: "synthetic run" });
    const count = options.partitions * nodesPerPartition;
    this.logs = Array.from({ length: count }, () => []);
    this.epochs = Array.from({ length: count }, () => 0);
    this.newestEpoch = Array.from({ length: options.partitions }, () => 0);
    this.settledPosition = Array.from({ length: options.partitions }, () => 0);
  }

  readonly logOf = (node: NodeId): FullLog => {
    const versions = this.logs[node]!.map(
      ({ operation, version }) => [operation.id, version] as const,
    );
    return { basePosition: 0, versions: new Map(versions) };
  };

  run(observers: readonly RunObserver[]): void {
    this.observers = observers;
    for (const each of observers) each.runBegan(this.seed);
    for (let p = 0; p < this.options.partitions; p++) this.lead(p * nodesPerPartition);
    for (let step = 0; step < this.options.steps; step++) {
      if (this.pick(4) > 0) this.nowMs += 10 * this.random.nextUniform();
      if (this.pick(this.options.faultEvery) === 0) this.fault();
      else this.act();
    }
    if (this.options.endsLed) {
      for (let p = 0; p < this.options.partitions; p++) {
        const node = p * nodesPerPartition + this.pick(nodesPerPartition);
        this.restart(node);
        this.lead(node);
      }
    }
    for (const each of observers) each.runEnded(this.nowMs);
  }

  private act(): void {
    const acts = [
      () => this.invoke("write"),
      () => this.invoke("read"),
      () => this.invoke("read"),
      () => this.accept(),
      () => this.acknowledge(),
      () => this.answerWrite(),
      () => this.answerRead(),
      () => this.copy(),
    ];
    this.one(acts)!();
  }

  private fault(): void {
    const node = this.pick(this.logs.length);
    const isSuspended = this.pick(2) === 0;
    const lead = () => (this.down.has(node) ? this.restart(node) : this.lead(node));
    const faults = [
      lead,
      lead,
      () => this.crash(node),
      () => this.tell("pause", node),
      () => this.tell("resume", node),
      () => this.yield(node),
      () => this.leading.has(node) && this.observe(node, "suspended", { isSuspended }),
      () => this.killClient(clients[this.pick(2)]!),
      () => this.settle(this.partitionOf(node)),
    ];
    this.one(faults)!();
  }

  private killClient(client: NodeId): void {
    this.writes = this.writes.filter((each) => each.client !== client || each.isAnswered);
    this.reads = this.reads.filter((each) => each.client !== client);
    this.tell("crash", client);
    this.tell("restart", client);
  }

  private invoke(kind: "read" | "write"): void {
    const id = this.nextId++;
    const session = this.pick(3);
    const own = this.done.filter((each) => each.session === session).slice(-8);
    const after = own.length > 0 && this.pick(2) === 0 ? own[this.pick(own.length)]!.id : undefined;
    const operation: Operation = {
      ...{ id, kind, key: this.pick(4), session, device: this.pick(2) },
      value: kind === "read" ? null : id,
      ...(after !== undefined && { after }),
    };
    const client = clients[session % 2]!;
    if (kind === "read") this.reads.push({ operation, client });
    else {
      const state = { entry: undefined, by: -1, isAcknowledged: false, isAnswered: false };
      this.writes.push({ operation, client, ...state });
    }
    for (const each of this.observers) each.invoked(operation, client, this.nowMs);
  }

  private accept(): void {
    const write = this.one(this.writes.filter(({ entry }) => entry === undefined));
    if (write === undefined) return;
    const partition = write.operation.key % this.options.partitions;
    const leaders = [...this.leading].filter((node) => this.partitionOf(node) === partition);
    const node = this.one(leaders);
    if (node === undefined) return;
    const log = this.logs[node]!;
    const epoch = this.epochs[node]!;
    const version = versionOf(epoch, log.length + 1);
    write.entry = { epoch, operation: write.operation, version };
    write.by = node;
    log.push(write.entry);
    const told = { operation: write.operation.id, version };
    if (this.options.tellsEntries) this.observe(node, "accepted", told);
  }

  private acknowledge(): void {
    const write = this.one(
      this.writes.filter(
        ({ entry, by, isAcknowledged }) =>
          entry !== undefined &&
          !isAcknowledged &&
          this.logs[by]!.includes(entry) &&
          this.leading.has(by),
      ),
    );
    if (write === undefined) return;
    write.isAcknowledged = true;
    const { operation, version } = write.entry!;
    this.observe(write.by, "acknowledged", { operation: operation.id, version });
  }

  private answerWrite(): void {
    const write = this.one(this.writes.filter(({ isAnswered }) => !isAnswered));
    if (write === undefined) return;
    const { operation, entry, isAcknowledged, by } = write;
    if (entry !== undefined && !isAcknowledged && this.pick(3) > 0) return;
    const isOk = isAcknowledged && this.pick(10) > 0;
    const isFailed = entry === undefined && this.pick(2) === 0;
    write.isAnswered = true;
    if (isAcknowledged || isFailed) this.writes.splice(this.writes.indexOf(write), 1);
    this.complete(operation, write.client, {
      outcome: isOk ? "ok" : isFailed ? "failed" : "indefinite",
      ...{ value: operation.value, version: isOk ? entry!.version : 0, servedBy: isOk ? by : -1 },
    });
  }

  private answerRead(): void {
    const read = this.one(this.reads);
    if (read === undefined) return;
    this.reads.splice(this.reads.indexOf(read), 1);
    const { operation } = read;
    const partition = operation.key % this.options.partitions;
    const servedBy = partition * nodesPerPartition + this.pick(nodesPerPartition);
    const log = this.logs[servedBy]!;
    const lag = this.pick(3) === 0 ? this.pick(6) : 0;
    const seen = log
      .slice(0, Math.max(0, log.length - lag))
      .findLast((entry) => entry.operation.key === operation.key);
    const outcome = this.pick(20) === 0 ? "indefinite" : "ok";
    const found = outcome === "ok" ? seen : undefined;
    this.complete(operation, read.client, {
      ...{ outcome, servedBy, value: found?.operation.id ?? null, version: found?.version ?? 0 },
    });
  }

  /** A follower has some part of a leader's log. */
  private copy(): void {
    const leader = this.one([...this.leading]);
    if (leader === undefined) return;
    const partition = this.partitionOf(leader);
    const to = partition * nodesPerPartition + this.pick(nodesPerPartition);
    if (to === leader) return;
    if (this.leading.has(to)) this.yield(to);
    const log = this.logs[leader]!;
    const length = Math.max(this.settledPosition[partition]!, log.length - this.pick(4));
    this.logs[to] = log.slice(0, length);
    if (this.pick(3) === 0) this.settle(partition);
  }

  private settle(partition: number): void {
    const first = partition * nodesPerPartition;
    const logs = this.logs.slice(first, first + nodesPerPartition);
    let position = this.settledPosition[partition]!;
    while (
      logs.every((log) => log[position] !== undefined && log[position] === logs[0]![position])
    ) {
      position++;
    }
    this.settledPosition[partition] = position;
    const leader = [...this.leading].find((node) => this.partitionOf(node) === partition);
    if (leader !== undefined) this.observe(leader, "settled", { position });
  }

  private lead(node: NodeId): void {
    const partition = this.partitionOf(node);
    this.newestEpoch[partition]!++;
    const epoch = this.newestEpoch[partition]!;
    this.epochs[node] = epoch;
    this.leading.add(node);
    const log = this.logs[node]!;
    const boundaries = [{ epoch: 0, position: 0 }];
    for (const [index, entry] of log.entries()) {
      if (entry.epoch !== boundaries.at(-1)!.epoch) {
        boundaries.push({ epoch: entry.epoch, position: index + 1 });
      }
    }
    this.observe(node, "leads", { epoch, lastPosition: log.length, boundaries });
  }

  private yield(node: NodeId): void {
    if (!this.leading.delete(node)) return;
    this.observe(node, "yields", { epoch: this.epochs[node] });
  }

  private crash(node: NodeId): void {
    if (this.down.has(node)) return;
    this.down.add(node);
    this.leading.delete(node);
    const settled = this.settledPosition[this.partitionOf(node)]!;
    const log = this.logs[node]!;
    this.logs[node] = log.slice(0, Math.max(settled, log.length - this.pick(3)));
    this.tell("crash", node);
  }

  private restart(node: NodeId): void {
    if (!this.down.delete(node)) return;
    this.tell("restart", node);
  }

  private complete(operation: Operation, client: NodeId, completion: Completion): void {
    if (completion.outcome === "ok") this.done.push(operation);
    for (const each of this.observers) each.completed(operation, completion, client, this.nowMs);
  }

  private observe(node: NodeId, name: string, value: object): void {
    const told = { partition: this.partitionOf(node), ...value };
    for (const each of this.observers) each.observed(name, told, node, this.nowMs);
  }

  private tell(name: string, node: NodeId): void {
    for (const each of this.observers) each.faulted(name, node, 0, this.nowMs);
  }

  private partitionOf(node: NodeId): number {
    return Math.floor(node / nodesPerPartition);
  }

  private one<Each>(list: readonly Each[]): Each | undefined {
    return list[this.pick(list.length)];
  }

  private pick(count: number): number {
    return Math.floor(this.random.nextUniform() * count);
  }
}
