import type { NodeId } from "../../core/protocol.ts";
import type { MeasuredWindow } from "./stopwatch.ts";

/** What the run loop has counted so far in the run at hand: what observers are not told. */
export interface RunProbe {
  /** CPU time that a node has spent serving, in ms. */
  busyMs(node: NodeId): number;
  /** Messages sent; absent: not counted. */
  messageCount?(): number;
  /** Bytes sent; absent: not counted. */
  byteCount?(): number;
  /** Rows that differ between replicas which have applied the same; absent: only what `kept` tells. */
  divergentRows?(): number;
}

/**
 * CPU time of leaders and followers and messages, within the measured part of a run: read at the first
 * event in it that is told, at the first after it, and whenever leaders change. For exact ends tell it
 * of both times (`at`).
 */
export class Load {
  leaderBusyMs = 0;
  leaderMs = 0;
  replicaBusyMs = 0;
  replicaMs = 0;
  messageCount = 0;
  byteCount = 0;
  private isMeasuring = false;
  private isOver = false;
  private sinceMs = 0;
  private leaders: NodeId[] = [];
  private readonly busyMs = new Map<NodeId, number>();
  private messagesBefore = 0;
  private bytesBefore = 0;
  private readonly replicas: readonly (readonly NodeId[])[];
  private readonly probe: RunProbe;
  private readonly window: MeasuredWindow;

  constructor(replicas: readonly (readonly NodeId[])[], probe: RunProbe, window: MeasuredWindow) {
    this.replicas = replicas;
    this.probe = probe;
    this.window = window;
  }

  reset(): void {
    this.leaderBusyMs = 0;
    this.leaderMs = 0;
    this.replicaBusyMs = 0;
    this.replicaMs = 0;
    this.messageCount = 0;
    this.byteCount = 0;
    this.isMeasuring = false;
    this.isOver = false;
    this.leaders = this.replicas.map(() => -1);
  }

  /** Called before all that happens. */
  at(timeMs: number): void {
    if (this.isOver) return;
    if (!this.isMeasuring && timeMs >= this.window.fromMs && timeMs <= this.window.toMs) {
      this.isMeasuring = true;
      this.note(timeMs);
      this.messagesBefore = this.probe.messageCount?.() ?? 0;
      this.bytesBefore = this.probe.byteCount?.() ?? 0;
    } else if (this.isMeasuring && timeMs > this.window.toMs) this.end(timeMs);
  }

  /** @param leader who leads the partition from now on; -1: nobody */
  led(partition: number, leader: NodeId, timeMs: number): void {
    if (this.leaders[partition] === undefined || this.leaders[partition] === leader) return;
    if (this.isMeasuring) this.add(timeMs);
    this.leaders[partition] = leader;
  }

  /** The measured part is over. */
  end(timeMs: number): void {
    if (!this.isMeasuring) return;
    this.add(Math.min(timeMs, this.window.toMs));
    this.messageCount = (this.probe.messageCount?.() ?? 0) - this.messagesBefore;
    this.byteCount = (this.probe.byteCount?.() ?? 0) - this.bytesBefore;
    this.isMeasuring = false;
    this.isOver = true;
  }

  private note(timeMs: number): void {
    this.sinceMs = timeMs;
    for (const node of this.replicas.flat()) this.busyMs.set(node, this.probe.busyMs(node));
  }

  private add(timeMs: number): void {
    const spanMs = timeMs - this.sinceMs;
    for (const [partition, nodes] of this.replicas.entries()) {
      for (const node of nodes) {
        const busyMs = this.probe.busyMs(node) - this.busyMs.get(node)!;
        this.replicaBusyMs += busyMs;
        this.replicaMs += spanMs;
        if (node !== this.leaders[partition]) continue;
        this.leaderBusyMs += busyMs;
        this.leaderMs += spanMs;
      }
    }
    this.note(timeMs);
  }
}
