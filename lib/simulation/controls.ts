import type { NodeId } from "../core/protocol.ts";
import type { Simulator } from "./simulator.ts";
import type { Controls, OperationRequest } from "./world.ts";

/** What one actor may do to the run. */
export class ActorControls implements Controls {
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
    if (!this.isUp(node)) return;
    this.simulator.node(node).crash();
    this.simulator.faulted("crash", node, 0);
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
