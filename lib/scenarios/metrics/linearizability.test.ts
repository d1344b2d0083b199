import { expect, test } from "vitest";
import type { Operation } from "../../core/protocol.ts";
import { randomStream } from "../../core/random.ts";
import type { RunObserver } from "../../simulation/world.ts";
import { metricsObserver } from "./metricsObserver.ts";

interface Tiny {
  readonly kind: "read" | "write";
  invokedMs: number;
  completedMs: number;
  version: number;
}

/**
 * A register with up to six operations: writes get rising versions at some moment while they run; reads
 * return some version that was given by the time they are answered.
 */
function tinyHistory(seed: number, observer: Partial<RunObserver>): Tiny[] {
  const random = randomStream({ seed, purpose: "tiny history" });
  const pick = (count: number) => Math.floor(random.nextUniform() * count);
  observer.runBegan?.(seed);
  const all: Tiny[] = [];
  const operations: Operation[] = [];
  const open = new Set<number>();
  let newest = 0;
  for (let nowMs = 0; nowMs < 40; nowMs++) {
    const id = [...open][pick(open.size)];
    if (all.length < 6 && (id === undefined || pick(2) === 0)) {
      const kind = pick(3) === 0 ? "write" : "read";
      const value = kind === "write" ? all.length : null;
      const operation: Operation = {
        ...{ id: all.length, kind, key: 0, value, session: all.length, device: 0 },
      };
      all.push({ kind, invokedMs: nowMs, completedMs: Infinity, version: 0 });
      operations.push(operation);
      open.add(operation.id);
      observer.invoked?.(operation, 0, nowMs);
    } else if (id !== undefined) {
      const tiny = all[id]!;
      if (tiny.kind === "write" && tiny.version === 0) tiny.version = ++newest;
      else {
        open.delete(id);
        if (tiny.kind === "read") tiny.version = Math.max(0, newest - pick(2));
        tiny.completedMs = nowMs;
        const { version } = tiny;
        observer.completed?.(
          operations[id]!,
          { outcome: "ok", value: null, version, servedBy: 0 },
          0,
          nowMs,
        );
      }
    }
  }
  observer.runEnded?.(40);
  return all;
}

/** Whether some order of the operations fits real time, the versions of writes, and what reads return. */
function hasOrder(left: readonly Tiny[], version: number): boolean {
  if (left.length === 0) return true;
  const firstEndMs = Math.min(...left.map(({ completedMs }) => completedMs));
  return left.some((tiny) => {
    if (tiny.invokedMs > firstEndMs) return false;
    if (tiny.kind === "read" ? tiny.version !== version : tiny.version <= version) return false;
    return hasOrder(
      left.filter((each) => each !== tiny),
      tiny.kind === "write" ? tiny.version : version,
    );
  });
}

test("a register of known versions has a violation exactly if no order explains it: 5,000 histories", () => {
  const observer = metricsObserver();
  let violated = 0;
  for (let seed = 1; seed <= 5000; seed++) {
    const all = tinyHistory(seed, observer).filter(
      ({ version, kind }) => version > 0 || kind === "read",
    );
    const hits = observer.result().ratios.linearizabilityViolationRate!.y;
    const isExplained = hasOrder(all, 0);
    expect(hits === 0, `replay with seed ${seed}: ${JSON.stringify(all)}`).toBe(isExplained);
    if (!isExplained) violated++;
  }
  expect(violated).toBeGreaterThan(500);
  expect(violated).toBeLessThan(4500);
});
