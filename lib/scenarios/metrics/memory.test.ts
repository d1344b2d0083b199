import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { versionOf } from "../../core/protocol.ts";
import { randomStream } from "../../core/random.ts";
import { KeyLog } from "./keyLog.ts";
import { anyDevice, MarkTable, marks } from "./markTable.ts";
import { metricsObserver } from "./metricsObserver.ts";
import { PrimaryKeys } from "./primaryKeys.ts";

describe("the table of marks", () => {
  test("is a map as long as its capacity lasts, whatever it grows to", () => {
    const random = randomStream({ seed: 1, purpose: "marks" });
    const table = new MarkTable();
    const expected = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [session, device, key] = [300, 3, 40].map((n) => Math.floor(n * random.nextUniform()));
      const name = `${session} ${device! - 1} ${key}`;
      const at = table.find(session!, device! - 1, key!);
      expect(at < 0 ? undefined : table.rows[at + marks.read]).toBe(expected.get(name));
      const made = table.make(session!, device! - 1, key!);
      table.rows[made + marks.read] = i;
      expected.set(name, i);
    }
    expect(expected.size).toBeGreaterThan(10_000);
    table.reset();
    expect(table.find(1, anyDevice, 1)).toBe(-1);
  });

  test("keeps the newest rows, at least as many as its capacity, and those used since", () => {
    const table = new MarkTable(100);
    for (let key = 0; key < 1000; key++) {
      const made = table.make(0, 0, key);
      table.rows[made + marks.written] = key + 1;
      const first = table.make(0, 0, 0);
      expect(table.rows[first + marks.written]).toBe(1);
      for (let back = 1; back < 50 && back <= key; back++) {
        const at = table.find(0, 0, key - back);
        expect(table.rows[at + marks.written]).toBe(key - back + 1);
      }
    }
    expect(table.find(0, 0, 500)).toBe(-1);
    expect(table.rows.length).toBeLessThanOrEqual(512 * 8);
  });

  test("refuses numbers that would be taken for others", () => {
    const table = new MarkTable();
    expect(() => table.make(0, 0, 2 ** 24)).toThrow("too large a number");
    expect(() => table.make(0, 63, 0)).toThrow("too large a number");
    expect(() => table.make(2 ** 23, 0, 0)).toThrow("too large a number");
  });
});

test("the log of a key answers as a list that is looked through", () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), version: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant("drop" as const), version: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant("restore" as const), version: fc.nat(60) }),
    fc.record({ kind: fc.constant("trim" as const), version: fc.nat(3) }),
  );
  const known = fc.array(action, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(known, fc.nat(60), fc.nat(60), (actions, version, before) => {
      const log = new KeyLog();
      let list: { version: number; number: number; ms: number }[] = [];
      const dropped: typeof list = [];
      let number = 0;
      for (const each of actions) {
        const at = list.findIndex((entry) => entry.version === each.version);
        const isNew = at < 0 && !dropped.some((entry) => entry.version === each.version);
        if (each.kind === "add" && isNew) {
          const entry = { version: each.version, number: number++, ms: 10 * number };
          list.push(entry);
          log.add(entry.version, entry.number, entry.ms);
        } else if (each.kind === "drop") {
          log.drop(each.version);
          if (at >= 0) dropped.push(...list.splice(at, 1));
        } else if (each.kind === "restore") {
          const back = dropped.pop();
          if (back === undefined) continue;
          list.push(back);
          log.add(back.version, back.number, back.ms);
        } else if (each.kind === "trim") {
          const count = Math.min(each.version, list.length);
          log.trim(count);
          list = list.sort((a, b) => a.version - b.version).slice(count);
        }
      }
      const newer = list.filter((entry) => entry.version > version);
      const missed = newer.filter((entry) => entry.number < before);
      const index = log.placeAfter(version);
      const firstMs = log.firstAcknowledgedMs(index, before);
      expect(firstMs).toBe(missed.length === 0 ? Number.NaN : Math.min(...missed.map((e) => e.ms)));
      expect(log.acknowledgedFrom(index, before, newer.length)).toBe(missed.length);
    }),
    { numRuns: 2000 },
  );
});

test("primary keys: the newest 65,536 are remembered, and whose they are", () => {
  const keys = new PrimaryKeys();
  for (let key = 0; key < 70_000; key++) keys.handedOut(key, 1, true);
  keys.handedOut(69_999, 2, true);
  keys.handedOut(69_998, 1, true);
  keys.handedOut(69_997, 2, false);
  keys.handedOut(0, 2, true);
  expect([keys.duplicateCount, keys.mixUpCount]).toEqual([2, 1]);
});

/** What an observer holds, by counting everything that can be reached from it. */
function reachable(root: object): number {
  const seen = new Set<object>([root]);
  let size = 0;
  for (const each of seen) {
    if (ArrayBuffer.isView(each)) {
      size += each.byteLength / 8;
      continue;
    }
    const parts = each instanceof Map ? [...each.keys(), ...each.values()] : Object.values(each);
    size += parts.length;
    for (const part of parts) if (typeof part === "object" && part !== null) seen.add(part);
  }
  return size;
}

test("memory is as large after 200,000 operations as after 40,000", () => {
  const observer = metricsObserver();
  observer.runBegan(1);
  const boundaries = [{ epoch: 0, position: 0 }];
  observer.observed("leads", { partition: 0, epoch: 1, lastPosition: 0, boundaries }, 0, 0);
  const sizes: number[] = [];
  for (let id = 0; id < 200_000; id++) {
    const kind = id % 4 === 0 ? "write" : "read";
    const key = (id >> 2) % 20;
    const value = kind === "write" ? id : null;
    const operation = { id, kind, key, value, session: id % 7, device: 0 } as const;
    const version = versionOf(1, (id >> 2) + 1);
    observer.invoked(operation, 1, id);
    if (id % 1000 === 999) {
      // The client's machine dies with what waits there; a write is given up.
      observer.faulted("crash", 1, 0, id);
      observer.faulted("restart", 1, 0, id);
      continue;
    }
    const outcome = id % 500 === 4 ? "indefinite" : "ok";
    if (kind === "write") observer.observed("acknowledged", { operation: id, version }, 0, id);
    observer.completed(operation, { outcome, value: id - (id % 4), version, servedBy: 0 }, 1, id);
    if (id % 100 === 0) observer.observed("settled", { position: id >> 2 }, 0, id);
    if (id === 40_000 || id === 199_998) sizes.push(reachable(observer));
  }
  // But for the acknowledgements of each key, of which up to 2^17 are remembered: 5 numbers each.
  const acknowledgements = (200_000 - 40_000) / 4;
  expect(sizes[1]! - sizes[0]!).toBeLessThan(5 * acknowledgements + 5000);
  observer.runEnded(200_000);
  observer.runBegan(2);
  expect(reachable(observer)).toBeLessThan(sizes[0]!);
});

test("a read older than all that is remembered is stale, its age bounded from below, and counted", () => {
  const observer = metricsObserver();
  observer.runBegan(1);
  const ask = (id: number, kind: "read" | "write", version: number) => {
    const value = kind === "write" ? id : null;
    const operation = { id, kind, key: 0, value, session: 0, device: 0 } as const;
    observer.invoked(operation, 1, id);
    observer.completed(operation, { outcome: "ok", value: null, version, servedBy: 0 }, 1, id);
  };
  // One key may have 131,072 of them; beyond, the oldest quarter goes.
  const writes = 131_073;
  for (let id = 0; id < writes; id++) ask(id, "write", id + 1);
  ask(writes, "read", 1);
  ask(writes + 1, "read", 40_000);
  ask(writes + 2, "read", writes);
  observer.runEnded(writes + 2);
  const { ratios } = observer.result();
  expect([ratios.staleReadRate!.y, ratios.staleReadRate!.x]).toEqual([2, 3]);
  expect(ratios.truncatedAgeRate!.y).toBe(1);
  expect(ratios.readAgeVersionsMean!.y).toBe(writes - 32_768 + writes - 40_000);
});

test.each([
  [{ warmUpMs: -1 }, "warmUpMs"],
  [{ warmUpMs: 5, untilMs: 4 }, "untilMs"],
  [{ partitions: 0 }, "partitions"],
  [{ watchedEntries: 0 }, "watchedEntries"],
  [{ settledMargin: -1 }, "settledMargin"],
])("%o is refused", (options, field) => {
  expect(() => metricsObserver(options)).toThrow(RangeError);
  expect(() => metricsObserver(options)).toThrow(`metricsObserver: need ${field} to be`);
});
