import fc from "fast-check";
import { expect, test } from "vitest";
import { Disk } from "./disk.ts";
import { DiskImage } from "./diskImage.ts";

const spec = { syncMs: { kind: "constant", valueMs: 1 }, bytesPerMs: Infinity };

type Step =
  | { kind: "store"; slot: string }
  | { kind: "append" | "sync" | "end" | "crash" }
  | { kind: "truncate" | "trim" | "resetLog"; position: number };

const position = fc.integer({ min: 0, max: 25 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("append" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("store" as const), slot: fc.constantFrom("a", "b") }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("sync" as const, "end" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("crash" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("truncate" as const, "trim" as const), position }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resetLog" as const),
      position: fc.integer({ min: 1, max: 25 }),
    }),
  },
);

/** The obvious version: every write remembers when it was made, every sync when it was asked for. */
class Ledger {
  private now = 0;
  private firstPosition = 1;
  private log: { value: number; at: number }[] = [];
  private slots: { slot: string; value: number; at: number }[] = [];
  private syncs: number[] = [];
  /** Writes made before this are durable. */
  private syncedAt = -1;

  get pending(): number {
    return this.syncs.length;
  }

  do(step: Step): number {
    const at = this.now++;
    if (step.kind === "store") this.slots.push({ slot: step.slot, value: at, at });
    if (step.kind === "append") this.log.push({ value: at, at });
    if (step.kind === "sync") this.syncs.push(at);
    if (step.kind === "end") this.syncedAt = this.syncs.shift() ?? this.syncedAt;
    if (step.kind === "truncate") {
      this.log = this.log.filter((_, i) => this.firstPosition + i < step.position);
    }
    if (step.kind === "trim") {
      while (this.log.length > 0 && this.firstPosition < step.position) {
        this.log.shift();
        this.firstPosition++;
      }
    }
    if (step.kind === "resetLog") {
      this.log = [];
      this.firstPosition = step.position;
    }
    if (step.kind === "crash") {
      this.log = this.log.filter((entry) => entry.at < this.syncedAt);
      this.slots = this.slots.filter((slot) => slot.at < this.syncedAt);
      this.syncs = [];
    }
    return at;
  }

  durable() {
    const slots = this.slots.filter((slot) => slot.at < this.syncedAt);
    return {
      slots: Object.fromEntries(slots.map(({ slot, value }) => [slot, value])),
      log: this.log.filter((entry) => entry.at < this.syncedAt).map((entry) => entry.value),
      firstPosition: this.firstPosition,
    };
  }
}

function apply(disk: Disk, step: Step, value: number): void {
  if (step.kind === "store") disk.store(step.slot, value, 0);
  if (step.kind === "append") disk.append(value, 0);
  if (step.kind === "sync") disk.syncEndMs(value);
  if (step.kind === "end") disk.synced();
  if (step.kind === "crash") disk.crash(value);
  if (step.kind === "truncate") disk.truncate(step.position);
  if (step.kind === "trim") disk.trim(step.position);
  if (step.kind === "resetLog") disk.resetLog(step.position);
}

// 1,000 histories of up to 60 steps, compared after each step.
test("what is durable is what the obvious version says", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const disk = new Disk(spec, 0);
      disk.reset(1);
      const ledger = new Ledger();
      for (const each of steps) {
        if (each.kind === "end" && ledger.pending === 0) continue;
        apply(disk, each, ledger.do(each));
        expect(disk.durable()).toEqual(ledger.durable());
      }
    }),
    { numRuns: 1000 },
  );
});

test("without a spec all writes are durable at once, whatever crashes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const disk = new Disk(undefined, 0);
      disk.reset(1);
      const ledger = new Ledger();
      for (const each of steps) {
        if (each.kind === "sync" || each.kind === "end") continue;
        apply(disk, each, ledger.do(each));
        ledger.do({ kind: "sync" });
        ledger.do({ kind: "end" });
        expect(disk.durable()).toEqual(ledger.durable());
      }
      expect(disk.syncEndMs(5)).toBe(5);
    }),
    { numRuns: 500 },
  );
});

test("a crash loses exactly the unsynced tail", () => {
  const disk = new Disk(spec, 0);
  disk.reset(1);
  for (let entry = 1; entry <= 10; entry++) disk.append(entry, 1);
  disk.store("term", 1, 1);
  disk.syncEndMs(0);
  for (let entry = 11; entry <= 15; entry++) disk.append(entry, 1);
  disk.store("term", 2, 1);
  disk.syncEndMs(0.5);
  disk.append(16, 1);
  disk.synced();
  disk.crash(1.5);
  const log = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(disk.durable()).toEqual({ slots: { term: 1 }, log, firstPosition: 1 });
  disk.append(11, 1);
  disk.syncEndMs(2);
  disk.synced();
  expect(disk.durable().log).toEqual([...log, 11]);
});

test("what was handed out does not change with the disk", () => {
  const disk = new Disk(undefined, 0);
  disk.reset(1);
  disk.append("x", 0);
  disk.store("a", 1, 0);
  const before = disk.durable();
  (before.log as unknown[]).push("mine");
  disk.append("y", 0);
  disk.store("a", 2, 0);
  expect(before).toEqual({ slots: { a: 1 }, log: ["x", "mine"], firstPosition: 1 });
  expect(disk.durable().log).toEqual(["x", "y"]);
});

test("a name like __proto__ is a slot like others", () => {
  const disk = new Disk(undefined, 0);
  disk.store("__proto__", 1, 0);
  expect(Object.keys(disk.durable().slots)).toEqual(["__proto__"]);
});

// 1,000,000 entries through a log of 1,000: a splice at each trim would copy 10^9.
test("a long log that is trimmed stays as large as what is left", () => {
  const image = new DiskImage(false);
  let largest = 0;
  for (let entry = 1; entry <= 1_000_000; entry++) {
    image.append(entry);
    if (entry % 10 === 0) {
      image.mark();
      image.commit();
    }
    image.trim(entry - 1000);
    largest = Math.max(largest, image.heldCount);
  }
  expect(largest).toBeLessThan(2200);
  const { log, firstPosition } = image.durable();
  expect(firstPosition).toBe(999_000);
  expect(log).toEqual(Array.from({ length: 1001 }, (_, i) => 999_000 + i));
});

test("syncs that never end in a long queue are kept, those that end are not", () => {
  const image = new DiskImage(false);
  for (let i = 0; i < 1000; i++) image.mark();
  let largest = 0;
  for (let i = 0; i < 100_000; i++) {
    image.mark();
    image.commit();
    largest = Math.max(largest, image.markCount);
  }
  expect(largest).toBeLessThan(2200);
});
