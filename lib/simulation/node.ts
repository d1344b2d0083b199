import { assert } from "../core/assert.ts";
import type {
  AnyProtocol,
  Completion,
  Delay,
  Effects,
  NodeId,
  Operation,
} from "../core/protocol.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { Disk, type DiskSpec } from "./disk.ts";
import type { Simulator } from "./simulator.ts";
import type { WorldNode } from "./world.ts";

type Handler = (state: unknown, payload: unknown, from: NodeId, effects: AnyEffects) => void;
type TimerHandler = (state: unknown, payload: unknown, effects: AnyEffects) => void;
// biome-ignore lint/suspicious/noExplicitAny: names and payloads are known to the protocol only
type AnyEffects = Effects<any, any, any>;

type Names = Record<string, unknown>;

interface Waiting {
  readonly from: NodeId;
  readonly nameId: number;
  readonly payload: unknown;
}

/** One machine of a run: state, disk, CPU, and whether it is up. */
export class SimulatedNode {
  state: unknown;
  isUp = true;
  /** CPU time spent serving, in ms. */
  busyMs = 0;
  /** How often the node has crashed: timers of an earlier life mean nothing in this one. */
  lifeCount = 0;
  readonly disk: Disk;
  private isPaused = false;
  private busyUntilMs = 0;
  private slowness = 1;
  private waiting: Waiting[] = [];
  private readonly protocol: AnyProtocol;
  private readonly config: unknown;
  private readonly effects: AnyEffects;
  private readonly handlers: (Handler | undefined)[] = [];
  private readonly timerHandlers: (TimerHandler | undefined)[] = [];
  private readonly serviceMs: Float64Array | undefined;
  private delays: RandomStream | undefined;
  private choices: RandomStream | undefined;

  readonly simulator: Simulator;
  readonly id: NodeId;

  constructor(
    simulator: Simulator,
    id: NodeId,
    { protocol, config, serviceMs }: WorldNode,
    disk: DiskSpec | undefined,
  ) {
    this.simulator = simulator;
    this.id = id;
    this.protocol = protocol;
    this.config = config;
    this.disk = new Disk(disk, id);
    this.effects = new NodeEffects(simulator, this) as AnyEffects;
    const { on, timers } = protocol;
    this.handlers = new Array(simulator.nameCount()).fill(undefined);
    this.timerHandlers = new Array(simulator.nameCount()).fill(undefined);
    for (const [name, handler] of Object.entries(on)) {
      this.handlers[simulator.nameId(name)] = handler as Handler;
    }
    for (const [name, handler] of Object.entries(timers)) {
      this.timerHandlers[simulator.nameId(name)] = handler as TimerHandler;
    }
    if (serviceMs === undefined) return;
    this.serviceMs = new Float64Array(simulator.nameCount());
    for (const [name, ms] of Object.entries(serviceMs)) {
      this.serviceMs[simulator.nameId(name)] = ms;
    }
  }

  /** A new run: nothing has happened yet. */
  reset(): void {
    this.isUp = true;
    this.isPaused = false;
    this.lifeCount = 0;
    this.busyMs = 0;
    this.busyUntilMs = 0;
    this.slowness = 1;
    this.waiting = [];
    this.delays = undefined;
    this.choices = undefined;
    this.disk.reset(this.simulator.runSeed);
    this.state = this.protocol.init(this.config, this.id);
  }

  begin(): void {
    this.protocol.start?.(this.state, this.effects);
  }

  /** A message arrives, in vain if nobody is there to take it. */
  receive(from: NodeId, nameId: number, payload: unknown, messageId: number): void {
    const steps = this.simulator.stepObserver();
    if (!this.isUp) {
      steps?.missed(messageId, this.simulator.nowMs);
      return;
    }
    steps?.delivered(messageId, this.simulator.nowMs);
    const costMs = this.serviceMs === undefined ? 0 : this.serviceMs[nameId]! * this.slowness;
    if (this.isPaused) this.waiting.push({ from, nameId, payload });
    else if (costMs === 0) this.handle(from, nameId, payload);
    else this.queue(from, nameId, payload, costMs);
  }

  /** The CPU has done what a message costs. */
  served(from: NodeId, nameId: number, payload: unknown, life: number): void {
    if (life !== this.lifeCount || !this.isUp) return;
    if (this.isPaused) this.waiting.push({ from, nameId, payload });
    else this.handle(from, nameId, payload);
  }

  fire(nameId: number, payload: unknown, life: number): void {
    if (life !== this.lifeCount || !this.isUp) return;
    if (this.isPaused) {
      this.waiting.push({ from: -1, nameId, payload });
      return;
    }
    const { simulator } = this;
    const name = simulator.nameFor(nameId);
    simulator.stepObserver()?.fired(name, payload, this.id, simulator.nowMs);
    const handler = this.timerHandlers[nameId];
    assert(handler !== undefined, `${this.protocol.role} has no handler for the timer "${name}"`);
    handler(this.state, payload, this.effects);
  }

  synced(nameId: number, payload: unknown, life: number): void {
    if (life !== this.lifeCount || !this.isUp) return;
    this.disk.synced();
    this.fire(nameId, payload, life);
  }

  invoke(operation: Operation): void {
    assert(this.protocol.invoke !== undefined, `${this.protocol.role} takes no operations`);
    this.protocol.invoke(this.state, operation, this.effects);
  }

  /** Returns false if the node was down already. */
  crash(): boolean {
    if (!this.isUp) return false;
    this.isUp = false;
    this.isPaused = false;
    this.lifeCount++;
    this.waiting = [];
    this.busyUntilMs = 0;
    this.disk.crash(this.simulator.nowMs);
    this.simulator.disconnect(this.id);
    return true;
  }

  restart(): void {
    this.isUp = true;
    const { protocol, config, id } = this;
    this.state =
      protocol.restart === undefined
        ? protocol.init(config, id)
        : protocol.restart(this.disk.durable(), config, id);
    this.begin();
  }

  pause(): void {
    if (this.isUp) this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    const { waiting } = this;
    this.waiting = [];
    for (const { from, nameId, payload } of waiting) {
      this.simulator.redeliver(this, from, nameId, payload);
    }
  }

  slow(factor: number): void {
    this.slowness = factor;
    this.disk.slow(factor);
  }

  /** Uniform in [0, 1), for delays given as a range. */
  drawDelay(): number {
    this.delays ??= this.stream("delays of a node");
    return this.delays.nextUniform();
  }

  /** Uniform integer in [0, count). */
  drawChoice(count: number): number {
    this.choices ??= this.stream("choices of a node");
    return Math.floor(this.choices.nextUniform() * count);
  }

  private stream(purpose: string): RandomStream {
    return randomStream({ seed: this.simulator.runSeed, purpose, entity: this.id });
  }

  private handle(from: NodeId, nameId: number, payload: unknown): void {
    const handler = this.handlers[nameId];
    if (handler === undefined) {
      const name = this.simulator.nameFor(nameId);
      throw new Error(`quorumlab: ${this.protocol.role} has no handler for the message "${name}"`);
    }
    handler(this.state, payload, from, this.effects);
  }

  private queue(from: NodeId, nameId: number, payload: unknown, costMs: number): void {
    const startMs = Math.max(this.simulator.nowMs, this.busyUntilMs);
    this.busyUntilMs = startMs + costMs;
    this.busyMs += costMs;
    this.simulator.serve(this, from, nameId, payload, this.busyUntilMs);
  }
}

/** What the handlers of one node may ask for. A handler whose node just crashed asks in vain. */
class NodeEffects implements Effects<Names, Names, Names> {
  private readonly simulator: Simulator;
  private readonly node: SimulatedNode;

  constructor(simulator: Simulator, node: SimulatedNode) {
    this.simulator = simulator;
    this.node = node;
  }

  clockMs(): number {
    return this.simulator.clocks.readMs(this.node.id, this.simulator.nowMs);
  }

  send(to: NodeId, message: string, payload: unknown, sizeBytes = 0): void {
    if (this.node.isUp) this.simulator.send(this.node.id, to, message, payload, sizeBytes);
  }

  setTimer(timer: string, payload: unknown, delay: Delay): number {
    if (!this.node.isUp) return 0;
    const delayMs =
      typeof delay === "number"
        ? delay
        : delay.minMs + (delay.maxMs - delay.minMs) * this.node.drawDelay();
    return this.simulator.setTimer(this.node, timer, payload, delayMs);
  }

  cancelTimer(timer: number): void {
    this.simulator.cancelTimer(timer);
  }

  choose(count: number): number {
    return this.node.drawChoice(count);
  }

  store(slot: string, value: unknown, sizeBytes = 0): void {
    if (this.node.isUp) this.node.disk.store(slot, value, sizeBytes);
  }

  append(entry: unknown, sizeBytes = 0): void {
    if (this.node.isUp) this.node.disk.append(entry, sizeBytes);
  }

  truncate(fromPosition: number): void {
    if (this.node.isUp) this.node.disk.truncate(fromPosition);
  }

  trim(beforePosition: number): void {
    if (this.node.isUp) this.node.disk.trim(beforePosition);
  }

  resetLog(firstPosition: number): void {
    if (this.node.isUp) this.node.disk.resetLog(firstPosition);
  }

  sync(timer: string, payload: unknown): void {
    if (!this.node.isUp) return;
    const endMs = this.node.disk.syncEndMs(this.simulator.nowMs);
    this.simulator.sync(this.node, timer, payload, endMs);
  }

  complete(operation: number, completion: Completion): void {
    if (this.node.isUp) this.simulator.complete(this.node.id, operation, completion);
  }

  observe(name: string, value: unknown): void {
    if (this.node.isUp) this.simulator.observe(this.node.id, name, value);
  }
}
