import { assert } from "../core/assert.ts";
import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import { Agenda } from "./agenda.ts";
import { Clocks } from "./clock.ts";
import { Network } from "./network.ts";
import { SimulatedNode } from "./node.ts";
import type {
  Actor,
  Controls,
  OperationRequest,
  RunObserver,
  StepObserver,
  World,
} from "./world.ts";

/** Who acts in a run and who watches it. */
export interface Company {
  readonly actors?: readonly Actor[];
  readonly observers?: readonly Partial<RunObserver>[];
  /** Follows every message and timer; slower. */
  readonly steps?: StepObserver;
}

/** What an event of the agenda is. */
const eventKinds = { message: 0, served: 1, timer: 2, sync: 3, wake: 4, attempt: 5 } as const;

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
  readonly clocks: Clocks;
  readonly network: Network;
  private readonly agenda: Agenda;
  private readonly nodes: readonly SimulatedNode[];
  private readonly controls: readonly ActorControls[];
  private readonly observers: readonly Partial<RunObserver>[];
  private readonly actors: readonly Actor[];
  private readonly steps: StepObserver | undefined;
  /** Numbers of the names of messages and timers. */
  private readonly nameIds = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly pending = new Map<number, Operation>();
  private seed = 0;
  private durationMs = 0;
  private operationCount = 0;
  private messageCount = 0;
  // What the events of the agenda are, by slot.
  private kinds = new Uint8Array(0);
  private targets = new Int32Array(0);
  private sources = new Int32Array(0);
  private nameOf = new Int32Array(0);
  private lives = new Int32Array(0);
  private readonly payloads: unknown[] = [];

  constructor(world: World, { actors = [], observers = [], steps }: Company = {}) {
    this.actors = actors;
    this.observers = observers;
    this.steps = steps;
    this.agenda = new Agenda(256, (capacity) => this.grow(capacity));
    this.clocks = new Clocks(world.clocks, world.nodes.length);
    this.network = new Network(
      world.network,
      world.nodes.map((node) => node.region),
    );
    for (const { protocol } of world.nodes) {
      for (const name of Object.keys({ ...protocol.on, ...protocol.timers })) this.intern(name);
    }
    this.nodes = world.nodes.map((node, id) => new SimulatedNode(this, id, node, world.disk));
    this.controls = actors.map((_, index) => new ActorControls(this, index));
  }

  /**
   * Runs from time 0 until a time, or until an actor stops it or nothing is left to happen.
   *
   * @param seed of all random draws, integer in [0, 2^53)
   * @param durationMs true time at which the run ends at the latest, in ms
   */
  run(seed: number, durationMs: number): void {
    this.reset(seed, durationMs);
    for (const observer of this.observers) observer.runBegan?.(seed);
    for (const node of this.nodes) node.begin();
    for (const [index, actor] of this.actors.entries()) actor.begin(seed, this.controls[index]!);
    const { agenda } = this;
    while (agenda.size > 0 && agenda.nextMs() <= this.durationMs) this.step();
    // Stopped or silent runs end at their last event, others at the time asked for.
    if (agenda.size > 0 && this.durationMs === durationMs) this.nowMs = durationMs;
    for (const observer of this.observers) observer.runEnded?.(this.nowMs);
  }

  /** State of a node, as its protocol left it. */
  state(node: NodeId): unknown {
    return this.nodes[node]!.state;
  }

  /** CPU time that a node has spent serving, in ms. */
  busyMs(node: NodeId): number {
    return this.nodes[node]!.busyMs;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** Seed of the run at hand. */
  get runSeed(): number {
    return this.seed;
  }

  /** The number of a name of a message or timer. */
  nameId(name: string): number {
    const id = this.nameIds.get(name);
    assert(id !== undefined, `no protocol of this world handles "${name}"`);
    return id;
  }

  nameCount(): number {
    return this.names.length;
  }

  send(from: NodeId, to: NodeId, name: string, payload: unknown, sizeBytes: number): void {
    assert(to >= 0 && to < this.nodes.length, `no node ${to} to send "${name}" to`);
    const nameId = this.nameId(name);
    const arrivalMs = this.network.arrivalMs(from, to, this.nowMs, sizeBytes);
    if (Number.isNaN(arrivalMs)) {
      this.planAttempt(from, to, this.network.hold(from, to, { nameId, payload }));
      return;
    }
    this.dispatch(from, to, nameId, payload, arrivalMs, false);
    const secondMs = this.network.duplicateMs();
    if (secondMs !== Infinity) this.dispatch(from, to, nameId, payload, secondMs, true);
  }

  /** A node has crashed: its connections break. */
  disconnect(node: NodeId): void {
    this.network.disconnect(node);
  }

  setTimer(node: SimulatedNode, name: string, payload: unknown, delayMs: number): number {
    const atMs = this.nowMs + this.clocks.trueDelayMs(node.id, delayMs);
    return this.agenda.ticket(
      this.push(atMs, eventKinds.timer, node.id, node.lifeCount, this.nameId(name), payload),
    );
  }

  cancelTimer(timer: number): void {
    const slot = this.agenda.remove(timer);
    if (slot >= 0) this.payloads[slot] = undefined;
  }

  sync(node: SimulatedNode, name: string, payload: unknown, endMs: number): void {
    this.push(endMs, eventKinds.sync, node.id, node.lifeCount, this.nameId(name), payload);
  }

  /** The node will have served a message at a time: then its handler runs. */
  serve(node: SimulatedNode, from: NodeId, nameId: number, payload: unknown, atMs: number): void {
    const slot = this.push(atMs, eventKinds.served, node.id, node.lifeCount, nameId, payload);
    this.sources[slot] = from;
  }

  /** What waited for a paused node is handled now, in the order in which it came. */
  redeliver(node: SimulatedNode, from: NodeId, nameId: number, payload: unknown): void {
    if (from >= 0) this.serve(node, from, nameId, payload, this.nowMs);
    else this.push(this.nowMs, eventKinds.timer, node.id, node.lifeCount, nameId, payload);
  }

  wakeAt(actor: number, timeMs: number, reason: unknown): void {
    assert(timeMs >= this.nowMs, `an actor wants to wake in the past, at ${timeMs} ms`);
    if (timeMs <= this.durationMs) this.push(timeMs, eventKinds.wake, actor, 0, 0, reason);
  }

  invoke(node: NodeId, { kind, key, session, device, after }: OperationRequest): number {
    const id = this.operationCount++;
    const value = kind === "read" ? null : id;
    const operation: Operation =
      after === undefined
        ? { id, kind, key, session, device, value }
        : { id, kind, key, session, device, value, after };
    this.pending.set(id, operation);
    for (const observer of this.observers) observer.invoked?.(operation, node, this.nowMs);
    this.nodes[node]!.invoke(operation);
    return id;
  }

  complete(node: NodeId, id: number, completion: Completion): void {
    const operation = this.pending.get(id);
    assert(operation !== undefined, `operation ${id} was completed twice, or never begun`);
    this.pending.delete(id);
    const { nowMs, observers, actors, controls } = this;
    for (const each of observers) each.completed?.(operation, completion, node, nowMs);
    for (let i = 0; i < actors.length; i++) {
      actors[i]!.completed?.(operation, completion, controls[i]!);
    }
  }

  observe(node: NodeId, name: string, value: unknown): void {
    const { nowMs, observers, actors, controls } = this;
    for (const observer of observers) observer.observed?.(name, value, node, nowMs);
    for (let i = 0; i < actors.length; i++) actors[i]!.observed?.(name, value, node, controls[i]!);
  }

  node(id: NodeId): SimulatedNode {
    const node = this.nodes[id];
    assert(node !== undefined, `no node ${id}`);
    return node;
  }

  faulted(name: string, node: NodeId, value: number): void {
    for (const observer of this.observers) observer.faulted?.(name, node, value, this.nowMs);
  }

  stop(): void {
    this.durationMs = -1;
  }

  private reset(seed: number, durationMs: number): void {
    this.seed = seed;
    this.durationMs = durationMs;
    this.nowMs = 0;
    this.eventCount = 0;
    this.operationCount = 0;
    this.messageCount = 0;
    this.pending.clear();
    this.agenda.clear();
    this.payloads.fill(undefined);
    this.network.reset(seed);
    this.clocks.reset(seed);
    for (const node of this.nodes) node.reset();
  }

  private step(): void {
    const { agenda } = this;
    this.nowMs = agenda.nextMs();
    const slot = agenda.pop();
    const payload = this.payloads[slot];
    this.payloads[slot] = undefined;
    this.eventCount++;
    const target = this.targets[slot]!;
    const nameId = this.nameOf[slot]!;
    const life = this.lives[slot]!;
    switch (this.kinds[slot]) {
      case eventKinds.message:
        this.nodes[target]!.receive(this.sources[slot]!, nameId, payload, life);
        break;
      case eventKinds.served:
        this.nodes[target]!.served(this.sources[slot]!, nameId, payload, life);
        break;
      case eventKinds.timer:
        this.nodes[target]!.fire(nameId, payload, life);
        break;
      case eventKinds.sync:
        this.nodes[target]!.synced(nameId, payload, life);
        break;
      case eventKinds.attempt:
        this.attempt(this.sources[slot]!, target);
        break;
      default:
        this.actors[target]!.wake(payload, this.controls[target]!);
    }
  }

  /** The connection of a link will try to get through what it holds. */
  private planAttempt(from: NodeId, to: NodeId, atMs: number): void {
    if (atMs === Infinity) return;
    const slot = this.push(atMs, eventKinds.attempt, to, 0, 0, undefined);
    this.sources[slot] = from;
  }

  private attempt(from: NodeId, to: NodeId): void {
    const { released, nextMs } = this.network.attempt(from, to, this.nowMs);
    for (const { message, arrivalMs } of released) {
      const { nameId, payload } = message as { nameId: number; payload: unknown };
      this.dispatch(from, to, nameId, payload, arrivalMs, false);
    }
    this.planAttempt(from, to, nextMs);
  }

  /** For step observers; -1 and nothing else where nobody watches. */
  private announceSend(
    name: number,
    payload: unknown,
    from: NodeId,
    to: NodeId,
    arrivalMs: number,
    isDuplicate: boolean,
  ): number {
    const id = this.messageCount++;
    const reason =
      arrivalMs !== Infinity
        ? isDuplicate
          ? "duplicate"
          : null
        : this.network.isCut(from, to)
          ? "cut"
          : "lost";
    this.steps?.sent({
      ...{ id, name: this.names[name]!, payload, from, to },
      ...{ sentMs: this.nowMs, arrivalMs, reason },
    });
    return id;
  }

  private dispatch(
    from: NodeId,
    to: NodeId,
    nameId: number,
    payload: unknown,
    arrivalMs: number,
    isDuplicate: boolean,
  ): void {
    const id =
      this.steps === undefined
        ? 0
        : this.announceSend(nameId, payload, from, to, arrivalMs, isDuplicate);
    if (arrivalMs === Infinity) return;
    const slot = this.push(arrivalMs, eventKinds.message, to, id, nameId, payload);
    this.sources[slot] = from;
  }

  /** @param life for a message its number, else the life of the node in which it was asked for */
  private push(
    atMs: number,
    kind: number,
    target: number,
    life: number,
    nameId: number,
    payload: unknown,
  ): number {
    const slot = this.agenda.push(atMs);
    this.kinds[slot] = kind;
    this.targets[slot] = target;
    this.lives[slot] = life;
    this.nameOf[slot] = nameId;
    this.payloads[slot] = payload;
    return slot;
  }

  stepObserver(): StepObserver | undefined {
    return this.steps;
  }

  nameFor(id: number): string {
    return this.names[id]!;
  }

  private intern(name: string): void {
    if (this.nameIds.has(name)) return;
    this.nameIds.set(name, this.names.length);
    this.names.push(name);
  }

  private grow(capacity: number): void {
    this.kinds = grown(Uint8Array, this.kinds, capacity);
    this.targets = grown(Int32Array, this.targets, capacity);
    this.sources = grown(Int32Array, this.sources, capacity);
    this.nameOf = grown(Int32Array, this.nameOf, capacity);
    this.lives = grown(Int32Array, this.lives, capacity);
    while (this.payloads.length < capacity) this.payloads.push(undefined);
  }
}

/** What one actor may do to the run. */
class ActorControls implements Controls {
  private readonly simulator: Simulator;
  private readonly index: number;

  constructor(simulator: Simulator, index: number) {
    this.simulator = simulator;
    this.index = index;
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  get nodeCount(): number {
    return this.simulator.nodeCount;
  }

  wakeAt(timeMs: number, reason: unknown): void {
    this.simulator.wakeAt(this.index, timeMs, reason);
  }

  invoke(node: NodeId, request: OperationRequest): number {
    return this.simulator.invoke(node, request);
  }

  isUp(node: NodeId): boolean {
    return this.simulator.node(node).isUp;
  }

  crash(node: NodeId): void {
    if (this.simulator.node(node).crash()) this.simulator.faulted("crash", node, 0);
  }

  restart(node: NodeId): void {
    if (this.isUp(node)) return;
    this.simulator.faulted("restart", node, 0);
    this.simulator.node(node).restart();
  }

  pause(node: NodeId): void {
    this.simulator.faulted("pause", node, 0);
    this.simulator.node(node).pause();
  }

  resume(node: NodeId): void {
    this.simulator.faulted("resume", node, 0);
    this.simulator.node(node).resume();
  }

  slow(node: NodeId, factor: number): void {
    this.simulator.faulted("slow", node, factor);
    this.simulator.node(node).slow(factor);
  }

  cut(from: NodeId, to: NodeId): void {
    this.simulator.faulted("cut", from, to);
    this.simulator.network.cut(from, to);
  }

  heal(from: NodeId, to: NodeId): void {
    this.simulator.faulted("heal", from, to);
    this.simulator.network.heal(from, to);
  }

  stretch(factor: number): void {
    this.simulator.faulted("stretch", -1, factor);
    this.simulator.network.stretch(factor);
  }

  jumpClock(node: NodeId, byMs: number): void {
    this.simulator.faulted("jumpClock", node, byMs);
    this.simulator.clocks.jump(node, byMs, this.nowMs);
  }

  stop(): void {
    this.simulator.stop();
  }
}

function grown<Array extends Uint8Array | Int32Array>(
  make: new (size: number) => Array,
  from: Array,
  size: number,
): Array {
  const copy = new make(size);
  copy.set(from);
  return copy;
}
