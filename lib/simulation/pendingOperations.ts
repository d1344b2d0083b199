import type { Operation } from "../core/protocol.ts";

/** Room for the operations under way. A power of two. */
const places = 1024;

/**
 * Operations that are not answered yet, by their numbers.
 *
 * Numbers follow each other, so that those under way nearly always have places of their own in a small
 * table; one whose place is needed, most likely as it will never be answered, moves to a map. A map
 * alone would be built anew all the time as operations come and go.
 */
export class PendingOperations {
  private readonly table = new Array<Operation | undefined>(places).fill(undefined);
  private readonly others = new Map<number, Operation>();

  add(operation: Operation): void {
    const place = operation.id & (places - 1);
    const older = this.table[place];
    if (older !== undefined) this.others.set(older.id, older);
    this.table[place] = operation;
  }

  /** Takes an operation out; `undefined` if it is not there. */
  take(id: number): Operation | undefined {
    const place = id & (places - 1);
    const operation = this.table[place];
    if (operation === undefined || operation.id !== id) return this.takeOther(id);
    this.table[place] = undefined;
    return operation;
  }

  clear(): void {
    this.table.fill(undefined);
    this.others.clear();
  }

  private takeOther(id: number): Operation | undefined {
    const operation = this.others.get(id);
    this.others.delete(id);
    return operation;
  }
}
