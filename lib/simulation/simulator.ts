import { needInteger, needNumber } from "../core/need.ts";
import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import { Audience } from "./audience.ts";
import { Clocks } from "./clock.ts";
import { ActorControls } from "./controls.ts";
import type { CpuHost } from "./cpu.ts";
import { Names } from "./names.ts";
import { Network } from "./network.ts";
import { SimulatedNode } from "./node.ts";
import { PendingOperations } from "./pendingOperations.ts";
import { eventKinds, Schedule } from "./schedule.ts";
import type { Actor, OperationRequest, RunObserver, StepObserver, World } from "./world.ts";

/** Who acts in a run and who watches it. */
export interface Company {
  readonly actors?: readonly Actor[];
  readonly observers?: readonly Partial<RunObserver>[];
  /** Follows every message and timer; slower. */
  readonly steps?: StepObserver;
}

/** What a stream holds until its connection works again. */
interface Held {
  readonly nameId: number;
  readonly payload: unknown;
}

/**
 * Runs a world in virtual time: messages, timers, syncs and what actors do, one after the other, in the
 * order of their times, those of one time in the order in which they were asked for.
 *
 * The same seed gives the same run, whatever ran before: a simulator is reset between runs, not rebuilt.
 */
export class Simulator {
  /** True time of the event at hand, in ms. */
  nowMs = 0;
  /** Events of the run so far: messages, timers, syncs and what actors did. */
  eventCount = 0;
  /** Seed of the run at hand. */
  runSeed = 0;
  readonly clocks: Clocks;
  readonly network: Network;
  readonly names: Names = new Names();
  readonly stepObserver: StepObserver | undefined;
  private readonly schedule: Schedule = new Schedule();
  private readonly nodes: readonly SimulatedNode[];
  private readonly actors: readonly Actor[];
  private readonly controls: readonly ActorControls[];
  private readonly audience: Audience;
  private readonly pending: PendingOperations = new PendingOperations();
  private durationMs = 0;
  private operationCount = 0;
  /** Messages sent in the run so far, second copies not counted, and their bytes. */
  sentCount = 0;
  sentBytes = 0;
  private messageCount = 0;

  constructor(world: World, { actors = [], observers = [], steps }: Company = {}) {
    this.actors = actors;
    this.stepObserver = steps;
    this.clocks = new Clocks(world.clocks, world.nodes.length);
    this.network = new Network(
      world.network,
      world.nodes.map((node) => node.region),
    );
    for (const { protocol } of world.nodes) {
      for (const name of Object.keys({ ...protocol.on, ...protocol.timers })) this.names.add(name);
    }
    this.nodes = world.nodes.map((node, id) => new SimulatedNode(this, id, node, world.disk));
    this.controls = actors.map((_, index) => new ActorControls(this, index));
    this.audience = new Audience(observers, actors, this.controls);
  }

  /**
   * Runs from time 0 until a time, or until an actor stops it or nothing is left to happen.
   *
   * @param seed of all random draws, integer in [0, 2^53)
   * @param durationMs true time at which the run ends at the latest, in ms, >= 0
   * @throws {RangeError} if one of them is out of range
   */
  run(seed: number, durationMs: number): void {
    needInteger("run", "seed", seed, { min: 0 });
    needNumber("run", "durationMs", durationMs, { min: 0 });
    this.reset(seed, durationMs);
    this.audience.runBegan(seed);
    for (const actor of this.actors) actor.prepare?.(seed);
    for (const node of this.nodes) node.begin();
    for (const [index, actor] of this.actors.entries()) actor.begin(seed, this.controls[index]!);
    const { schedule } = this;
    while (this.step());
    // Stopped or silent runs end at their last event, others at the time asked for.
    if (schedule.size > 0 && this.durationMs === durationMs) this.nowMs = durationMs;
    this.audience.runEnded(this.nowMs);
  }

  /** State of a node, as its protocol left it. */
  state(node: NodeId): unknown {
    return this.node(node).state;
  }

  /** CPU time that a node has spent serving, in ms. */
  busyMs(node: NodeId): number {
    return this.node(node).busyMs;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  node(id: NodeId): SimulatedNode {
    return this.nodes[id] ?? noNode(id);
  }

  send(from: NodeId, to: NodeId, nameId: number, payload: unknown, sizeBytes: number): void {
    if (this.nodes[to] === undefined) noNode(to, `to send "${this.names.nameOf(nameId)}" to`);
    this.sentCount++;
    this.sentBytes += sizeBytes;
    const arrivalMs = this.network.arrivalMs(from, to, this.nowMs, sizeBytes);
    if (arrivalMs < Infinity && this.stepObserver === undefined) {
      this.schedule.add(arrivalMs, 8 * nameId + eventKinds.message, to, from, 0, payload);
    } else if (Number.isNaN(arrivalMs)) {
      this.planAttempt(from, to, this.network.hold(from, to, { nameId, payload } satisfies Held));
      return;
    } else this.dispatch(from, to, nameId, payload, arrivalMs, false);
    const secondMs = this.network.duplicateMs();
    if (secondMs !== Infinity) this.dispatch(from, to, nameId, payload, secondMs, true);
  }

  /** Returns 0 for a timer that never fires. */
  setTimer(node: SimulatedNode, name: string, payload: unknown, delayMs: number): number {
    const atMs = this.nowMs + this.clocks.trueDelayMs(node.id, delayMs);
    return this.planTimer(atMs, this.nameCode(name, eventKinds.timer), node, payload);
  }

  cancelTimer(timer: number): void {
    this.schedule.cancel(timer);
  }

  sync(node: SimulatedNode, name: string, payload: unknown): void {
    const code = this.nameCode(name, eventKinds.sync);
    this.planTimer(node.disk.syncEndMs(this.nowMs), code, node, payload);
  }

  /** What waits for a node goes on now. */
  planDrain(node: SimulatedNode): void {
    this.schedule.add(this.nowMs, eventKinds.drain, node.id, 0, node.lifeCount, undefined);
  }

  cpuHost(node: SimulatedNode): CpuHost {
    const simulator = this;
    return {
      get nowMs() {
        return simulator.nowMs;
      },
      planServed: (atMs) => simulator.planTimer(atMs, eventKinds.served, node, undefined),
      cancelTimer: (ticket) => simulator.cancelTimer(ticket),
    };
  }

  wakeAt(actor: number, timeMs: number, reason: unknown): void {
    if (!(timeMs >= this.nowMs)) {
      throw new RangeError(`wakeAt: need timeMs to be ${this.nowMs} or later, got ${timeMs}`);
    }
    if (timeMs <= this.durationMs && timeMs < Infinity) {
      this.schedule.add(timeMs, eventKinds.wake, actor, 0, 0, reason);
    }
  }

  invoke(node: NodeId, { kind, key, session, device, after }: OperationRequest): number {
    const id = this.operationCount++;
    const value = kind === "read" ? null : id;
    const operation: Operation =
      after === undefined
        ? { id, kind, key, session, device, value }
        : { id, kind, key, session, device, value, after };
    this.pending.add(operation);
    this.audience.invoked(operation, node, this.nowMs);
    this.node(node).invoke(operation);
    return id;
  }

  complete(node: NodeId, id: number, completion: Completion): void {
    const operation = this.pending.take(id);
    if (operation === undefined) {
      throw new Error(`quorumlab: operation ${id} was completed twice, or never begun`);
    }
    this.audience.completed(operation, completion, node, this.nowMs);
  }

  observe(node: NodeId, name: string, value: unknown): void {
    this.audience.observed(name, value, node, this.nowMs);
  }

  faulted(name: string, node: NodeId, value: number): void {
    this.audience.faulted(name, node, value, this.nowMs);
  }

  stop(): void {
    this.durationMs = -1;
  }

  private reset(seed: number, durationMs: number): void {
    this.runSeed = seed;
    this.durationMs = durationMs;
    this.nowMs = 0;
    this.eventCount = 0;
    this.operationCount = 0;
    this.sentCount = 0;
    this.sentBytes = 0;
    this.messageCount = 0;
    this.pending.clear();
    this.schedule.clear();
    this.network.reset(seed);
    this.clocks.reset(seed);
    for (const node of this.nodes) node.reset();
  }

  /** Does what comes next; returns false if that is nothing, or beyond the end of the run. */
  private step(): boolean {
    const { schedule } = this;
    if (schedule.size === 0) return false;
    const timeMs = schedule.nextMs();
    if (timeMs > this.durationMs) return false;
    this.nowMs = timeMs;
    this.eventCount++;
    const slot = schedule.take();
    const payload = schedule.takePayload(slot);
    const code = schedule.code(slot);
    const target = schedule.target(slot);
    const life = schedule.life(slot);
    switch (code & 7) {
      case eventKinds.message:
        this.nodes[target]!.receive(schedule.source(slot), code >> 3, payload, life);
        break;
      case eventKinds.served:
        this.nodes[target]!.served();
        break;
      case eventKinds.timer:
        this.nodes[target]!.fire(code >> 3, payload, life);
        break;
      case eventKinds.sync:
        this.nodes[target]!.synced(code >> 3, payload, life);
        break;
      case eventKinds.wake:
        this.actors[target]!.wake(payload, this.controls[target]!);
        break;
      case eventKinds.drain:
        this.nodes[target]!.drain(life);
        break;
      default:
        this.attempt(schedule.source(slot), target);
    }
    return true;
  }

  private nameCode(name: string, kind: number): number {
    return 8 * this.names.idOf(name) + kind;
  }

  private planTimer(atMs: number, code: number, node: SimulatedNode, payload: unknown): number {
    if (!(atMs >= this.nowMs)) {
      throw new RangeError(`quorumlab: need a delay to be >= 0, got ${atMs - this.nowMs}`);
    }
    if (atMs === Infinity) return 0;
    const { schedule } = this;
    return schedule.ticket(schedule.add(atMs, code, node.id, 0, node.lifeCount, payload));
  }

  /** The connection of a link will try to get through what it holds. */
  private planAttempt(from: NodeId, to: NodeId, atMs: number): void {
    if (atMs !== Infinity) this.schedule.add(atMs, eventKinds.attempt, to, from, 0, undefined);
  }

  private attempt(from: NodeId, to: NodeId): void {
    const { released, nextMs } = this.network.attempt(from, to, this.nowMs);
    for (const { message, arrivalMs } of released) {
      const { nameId, payload } = message as Held;
      this.dispatch(from, to, nameId, payload, arrivalMs, false);
    }
    this.planAttempt(from, to, nextMs);
  }

  private dispatch(
    from: NodeId,
    to: NodeId,
    nameId: number,
    payload: unknown,
    arrivalMs: number,
    isDuplicate: boolean,
  ): void {
    const id = this.messageCount++;
    if (this.stepObserver !== undefined) {
      const isCut = this.network.isCut(from, to);
      const fate = isDuplicate ? "duplicate" : null;
      this.stepObserver.sent({
        ...{ id, name: this.names.nameOf(nameId), payload, from, to },
        ...{ sentMs: this.nowMs, arrivalMs },
        reason: arrivalMs !== Infinity ? fate : isCut ? "cut" : "lost",
      });
    }
    if (arrivalMs === Infinity) return;
    this.schedule.add(arrivalMs, 8 * nameId + eventKinds.message, to, from, id, payload);
  }
}

function noNode(id: NodeId, purpose = ""): never {
  throw new Error(`quorumlab: no node ${id} in this world ${purpose}`.trimEnd());
}
