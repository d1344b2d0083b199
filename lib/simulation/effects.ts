import type { Completion, Delay, Effects, NodeId } from "../core/protocol.ts";
import type { SimulatedNode } from "./node.ts";
import type { Simulator } from "./simulator.ts";

type Names = Record<string, unknown>;

/**
 * What the handlers of one node may ask for in one life. A handler whose node crashes under it asks in
 * vain from then on, even if the node is up again before the handler returns.
 */
export class NodeEffects implements Effects<Names, Names, Names> {
  private readonly simulator: Simulator;
  private readonly node: SimulatedNode;
  private readonly id: NodeId;
  private isHeard = true;
  // Nodes send the same message many times in a row.
  private lastMessage = "";
  private lastNameId = -1;

  constructor(simulator: Simulator, node: SimulatedNode) {
    this.simulator = simulator;
    this.node = node;
    this.id = node.id;
  }

  /** The life has ended. */
  mute(): void {
    this.isHeard = false;
  }

  clockMs(): number {
    return this.simulator.clocks.readMs(this.id, this.simulator.nowMs);
  }

  send(to: NodeId, message: string, payload: unknown, sizeBytes = 0): void {
    if (!this.isHeard) return;
    const nameId = message === this.lastMessage ? this.lastNameId : this.nameIdOf(message);
    this.simulator.send(this.id, to, nameId, payload, sizeBytes);
  }

  setTimer(timer: string, payload: unknown, delay: Delay): number {
    if (!this.isHeard) return 0;
    const delayMs = typeof delay === "number" ? delay : this.node.drawDelayMs(delay);
    return this.simulator.setTimer(this.node, timer, payload, delayMs);
  }

  cancelTimer(timer: number): void {
    if (this.isHeard) this.simulator.cancelTimer(timer);
  }

  choose(count: number): number {
    return this.node.drawChoice(count);
  }

  store(slot: string, value: unknown, sizeBytes = 0): void {
    if (this.isHeard) this.node.disk.store(slot, value, sizeBytes);
  }

  append(entry: unknown, sizeBytes = 0): void {
    if (this.isHeard) this.node.disk.append(entry, sizeBytes);
  }

  truncate(fromPosition: number): void {
    if (this.isHeard) this.node.disk.truncate(fromPosition);
  }

  trim(beforePosition: number): void {
    if (this.isHeard) this.node.disk.trim(beforePosition);
  }

  resetLog(firstPosition: number): void {
    if (this.isHeard) this.node.disk.resetLog(firstPosition);
  }

  sync(timer: string, payload: unknown): void {
    if (this.isHeard) this.simulator.sync(this.node, timer, payload);
  }

  complete(operation: number, completion: Completion): void {
    if (this.isHeard) this.simulator.complete(this.id, operation, completion);
  }

  observe(name: string, value: unknown): void {
    if (this.isHeard) this.simulator.observe(this.id, name, value);
  }

  private nameIdOf(message: string): number {
    this.lastNameId = this.simulator.names.idOf(message);
    this.lastMessage = message;
    return this.lastNameId;
  }
}
