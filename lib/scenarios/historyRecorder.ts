import type { History, OperationRecord } from "../core/history.ts";
import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import type { RunObserver } from "../simulation/world.ts";

/** Watches a run and keeps its operations. */
export interface HistoryRecorder extends RunObserver {
  /** The operations so far of the run at hand, or all of the run that has ended, by invocation. */
  history(): History;
}

/**
 * Records the history of a run: give it to a simulator as an observer. Forgets the run before when the
 * next one begins. Memory grows with the number of operations.
 *
 * An operation that has not ended is `indefinite`, with `completedMs` null: that of a client that died
 * stays so.
 */
export function historyRecorder(): HistoryRecorder {
  return new Recorder();
}

class Recorder implements HistoryRecorder {
  private records: OperationRecord[] = [];

  history(): History {
    return [...this.records];
  }

  runBegan(): void {
    this.records = [];
  }

  invoked(
    { id, kind, key, session, device, value }: Operation,
    client: NodeId,
    timeMs: number,
  ): void {
    this.records[id] = {
      ...{ id, kind, key, session, device, client, servedBy: -1, value, version: 0 },
      ...{ invokedMs: timeMs, completedMs: null, outcome: "indefinite" },
    };
  }

  completed(operation: Operation, completion: Completion, _: NodeId, timeMs: number): void {
    const record = this.records[operation.id]!;
    const { outcome, servedBy, version } = completion;
    const isAnswered = operation.kind !== "write" && outcome === "ok";
    this.records[operation.id] = {
      ...{ ...record, outcome, servedBy, version, completedMs: timeMs },
      value: isAnswered ? completion.value : record.value,
    };
  }

  observed(): void {}

  faulted(): void {}

  runEnded(): void {}
}
