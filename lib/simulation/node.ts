import type { Delay, Effects, NodeId, Operation, RunnableProtocol } from "../core/protocol.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { Cpu } from "./cpu.ts";
import { Disk, type DiskSpec } from "./disk.ts";
import { NodeEffects } from "./effects.ts";
import { Fifo } from "./fifo.ts";
import type { Simulator } from "./simulator.ts";
import type { WorldNode } from "./world.ts";

type Handler = (state: unknown, payload: unknown, from: NodeId, effects: AnyEffects) => void;
type TimerHandler = (state: unknown, payload: unknown, effects: AnyEffects) => void;
// biome-ignore lint/suspicious/noExplicitAny: names and payloads are known to the protocol only
type AnyEffects = Effects<any, any, any>;

/** Something that waits for a node: because it stands still, or because its CPU is busy. */
type Task =
  | {
      readonly kind: "message";
      readonly from: NodeId;
      readonly nameId: number;
      readonly payload: unknown;
      /** Number of the message, for step observers. */
      readonly id: number;
    }
  | { readonly kind: "timer"; readonly nameId: number; readonly payload: unknown }
  | { readonly kind: "operation"; readonly operation: Operation };

/** One machine of a run: state, disk, CPU, and whether it is up. */
export class SimulatedNode {
  state: unknown;
  isUp = true;
  /** How often the node has crashed: timers of an earlier life mean nothing in this one. */
  lifeCount = 0;
  readonly disk: Disk;
  readonly simulator: Simulator;
  readonly id: NodeId;
  private isPaused = false;
  /** Whether messages and operations go to their handlers without any detour. */
  private isDirect = true;
  /** What came while the node stood still, and after that while not all of it is handled. */
  private readonly waiting: Fifo<Task> = new Fifo();
  private isDrainPlanned = false;
  /** Absent: nothing costs anything. */
  private readonly cpu: Cpu<Task> | undefined;
  private readonly serviceMs: Float64Array;
  private readonly invokeMs: number;
  private readonly protocol: RunnableProtocol;
  private readonly config: unknown;
  private effects: NodeEffects;
  private readonly handlers: (Handler | undefined)[] = [];
  private readonly timerHandlers: (TimerHandler | undefined)[] = [];
  private delays: RandomStream | undefined;
  private choices: RandomStream | undefined;

  constructor(
    simulator: Simulator,
    id: NodeId,
    { protocol, config, serviceMs }: WorldNode,
    disk: DiskSpec | undefined,
  ) {
    this.simulator = simulator;
    this.id = id;
    this.protocol = protocol as RunnableProtocol;
    this.config = config;
    this.disk = new Disk(disk, id);
    this.effects = new NodeEffects(simulator, this);
    const { names } = simulator;
    this.handlers = new Array(names.count).fill(undefined);
    this.timerHandlers = new Array(names.count).fill(undefined);
    for (const [name, handler] of Object.entries(protocol.on)) {
      this.handlers[names.idOf(name)] = handler as Handler;
    }
    for (const [name, handler] of Object.entries(protocol.timers)) {
      this.timerHandlers[names.idOf(name)] = handler as TimerHandler;
    }
    const { invoke = 0, ...messageMs } = serviceMs ?? {};
    this.invokeMs = invoke;
    this.serviceMs = new Float64Array(names.count);
    for (const [name, ms] of Object.entries(messageMs)) this.serviceMs[names.idOf(name)] = ms;
    if (serviceMs !== undefined) this.cpu = new Cpu(simulator.cpuHost(this));
  }

  /** CPU time spent serving, in ms. */
  get busyMs(): number {
    return this.cpu?.busyMs ?? 0;
  }

  /** A new run: nothing has happened yet. */
  reset(): void {
    this.isUp = true;
    this.isPaused = false;
    this.lifeCount = 0;
    this.waiting.clear();
    this.isDrainPlanned = false;
    this.cpu?.reset();
    this.delays = undefined;
    this.choices = undefined;
    this.disk.reset(this.simulator.runSeed);
    this.effects.mute();
    this.effects = new NodeEffects(this.simulator, this);
    this.state = this.protocol.init(this.config, this.id);
    this.findWay();
  }

  begin(): void {
    this.protocol.start?.(this.state, this.effects as AnyEffects);
  }

  /** A message arrives, in vain if nobody is there to take it. */
  receive(from: NodeId, nameId: number, payload: unknown, id: number): void {
    if (this.isDirect) this.handle(from, nameId, payload);
    else if (this.isUp) this.take({ kind: "message", from, nameId, payload, id });
    else this.simulator.stepObserver?.missed(id, this.simulator.nowMs);
  }

  /** A client operation begins; at a node that is down, in vain. */
  invoke(operation: Operation): void {
    if (this.isDirect) this.handleOperation(operation);
    else if (this.isUp) this.take({ kind: "operation", operation });
  }

  /** A timer fires, unless it is one of an earlier life. */
  fire(nameId: number, payload: unknown, life: number): void {
    if (life !== this.lifeCount) return;
    if (this.isDirect) this.handleTimer(nameId, payload);
    else this.take({ kind: "timer", nameId, payload });
  }

  synced(nameId: number, payload: unknown, life: number): void {
    if (life !== this.lifeCount) return;
    this.disk.synced();
    this.fire(nameId, payload, life);
  }

  /** The CPU is done with its first task. */
  served(): void {
    this.perform(this.cpu!.finish());
  }

  /** The time has come for the next of those that waited. */
  drain(life: number): void {
    if (life !== this.lifeCount) return;
    this.isDrainPlanned = false;
    if (this.isPaused) return;
    const task = this.waiting.shift();
    this.planDrain();
    this.findWay();
    this.serve(task);
  }

  crash(): void {
    this.isUp = false;
    this.lifeCount++;
    this.effects.mute();
    this.isPaused = false;
    this.isDrainPlanned = false;
    for (const task of [...(this.cpu?.clear() ?? []), ...this.waiting.clear()]) {
      if (task.kind === "message") {
        this.simulator.stepObserver?.missed(task.id, this.simulator.nowMs);
      }
    }
    this.disk.slow(1);
    this.disk.crash(this.simulator.nowMs);
    this.simulator.network.disconnect(this.id);
    this.findWay();
  }

  restart(): void {
    this.isUp = true;
    this.effects = new NodeEffects(this.simulator, this);
    const { protocol, config, id } = this;
    this.state =
      protocol.restart === undefined
        ? protocol.init(config, id)
        : protocol.restart(this.disk.durable(), config, id);
    this.findWay();
    this.begin();
  }

  pause(): void {
    if (!this.isUp || this.isPaused) return;
    this.isPaused = true;
    this.cpu?.stop();
    this.findWay();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.cpu?.go();
    this.planDrain();
    this.findWay();
  }

  /** CPU and disk take this many times as long, until the next crash. */
  slow(factor: number): void {
    this.cpu?.slow(factor);
    this.disk.slow(factor);
  }

  /** Uniform in [minMs, maxMs). */
  drawDelayMs({ minMs, maxMs }: Exclude<Delay, number>): number {
    this.delays ??= this.stream("delays of a node");
    return minMs + (maxMs - minMs) * this.delays.nextUniform();
  }

  /** Uniform integer in [0, count). */
  drawChoice(count: number): number {
    this.choices ??= this.stream("choices of a node");
    return Math.floor(this.choices.nextUniform() * count);
  }

  private stream(purpose: string): RandomStream {
    return randomStream({ seed: this.simulator.runSeed, purpose, entity: this.id });
  }

  private findWay(): void {
    this.isDirect =
      this.isUp &&
      !this.isPaused &&
      this.waiting.length === 0 &&
      this.cpu === undefined &&
      this.simulator.stepObserver === undefined;
  }

  /** Behind those who wait already. */
  private take(task: Task): void {
    if (this.isPaused || this.waiting.length > 0) this.waiting.push(task);
    else this.serve(task);
  }

  private planDrain(): void {
    if (this.waiting.length === 0 || this.isDrainPlanned) return;
    this.isDrainPlanned = true;
    this.simulator.planDrain(this);
  }

  /** Timers cost nothing; what costs nothing waits too for what came before. */
  private serve(task: Task): void {
    const { cpu } = this;
    if (cpu === undefined || task.kind === "timer") {
      this.perform(task);
      return;
    }
    const costMs = task.kind === "message" ? this.serviceMs[task.nameId]! : this.invokeMs;
    if (costMs === 0 && cpu.isIdle) this.perform(task);
    else cpu.add(task, costMs);
  }

  private perform(task: Task): void {
    const { stepObserver, nowMs, names } = this.simulator;
    if (task.kind === "operation") {
      this.handleOperation(task.operation);
      return;
    }
    const { nameId, payload } = task;
    if (task.kind === "message") {
      stepObserver?.delivered(task.id, nowMs);
      this.handle(task.from, nameId, payload);
    } else {
      stepObserver?.fired(names.nameOf(nameId), payload, this.id, nowMs);
      this.handleTimer(nameId, payload);
    }
  }

  private handle(from: NodeId, nameId: number, payload: unknown): void {
    const handler = this.handlers[nameId];
    if (handler === undefined) throw this.cannotHandle("message", nameId);
    handler(this.state, payload, from, this.effects as AnyEffects);
  }

  private handleTimer(nameId: number, payload: unknown): void {
    const handler = this.timerHandlers[nameId];
    if (handler === undefined) throw this.cannotHandle("timer", nameId);
    handler(this.state, payload, this.effects as AnyEffects);
  }

  private handleOperation(operation: Operation): void {
    const { protocol, state, effects } = this;
    if (protocol.invoke === undefined) {
      throw new Error(`quorumlab: ${protocol.role} takes no operations`);
    }
    protocol.invoke(state, operation, effects as AnyEffects);
  }

  private cannotHandle(what: string, nameId: number): Error {
    const name = this.simulator.names.nameOf(nameId);
    return new Error(`quorumlab: ${this.protocol.role} has no handler for the ${what} "${name}"`);
  }
}
