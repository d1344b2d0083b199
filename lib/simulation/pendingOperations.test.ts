import { expect, test } from "vitest";
import type { Operation } from "../core/protocol.ts";
import { randomStream } from "../core/random.ts";
import { PendingOperations } from "./pendingOperations.ts";

const operation = (id: number): Operation => ({
  ...{ id, kind: "write", key: 0, value: id, session: 0, device: 0 },
});

test("agrees with a map, also where thousands are never answered", () => {
  const random = randomStream({ seed: 1, purpose: "test of pending operations" });
  const pending = new PendingOperations();
  for (let run = 0; run < 2; run++) {
    const map = new Map<number, Operation>();
    for (let id = 0; id < 10_000; id++) {
      const added = operation(id);
      map.set(id, added);
      pending.add(added);
      // Most are answered soon, some late, some twice, and one in three never.
      const chance = random.nextUniform();
      const asked = chance < 0.6 ? id - Math.floor(5 * chance) : Math.floor(id * (1 - chance));
      if (chance > 0.7) continue;
      expect(pending.take(asked)).toBe(map.get(asked));
      map.delete(asked);
    }
    expect(map.size).toBeGreaterThan(3000);
    if (run === 0) {
      for (const [id, left] of map) expect(pending.take(id)).toBe(left);
      for (let id = 0; id < 10_000; id++) expect(pending.take(id)).toBe(undefined);
    } else pending.clear();
  }
  for (let id = 0; id < 10_000; id++) expect(pending.take(id)).toBe(undefined);
});
