import { expect, test } from "vitest";
import { batchMeans } from "../../test/support/batchMeans.ts";
import { randomStream } from "../core/random.ts";
import { Disk, type DiskSpec, needDisk } from "./disk.ts";

const oneMs = { syncMs: { kind: "constant", valueMs: 1 }, bytesPerMs: Infinity };

function diskOf(spec: Partial<DiskSpec>, seed = 1): Disk {
  const disk = new Disk({ ...oneMs, ...spec }, 0);
  disk.reset(seed);
  return disk;
}

const wrong: [string, unknown, string][] = [
  ["no object", 5, "disk to be an object"],
  ["no time", { bytesPerMs: 1 }, "disk.syncMs to be an object, got undefined"],
  ["no speed", { ...oneMs, bytesPerMs: 0 }, "disk.bytesPerMs to be a number in (0, Infinity]"],
  ["a stray field", { ...oneMs, sync: 1 }, "fields of disk to be among syncMs"],
  ["no switch", { ...oneMs, torn: 1 }, "disk.torn to be true or false, got 1"],
  ["no switch either", { ...oneMs, groupCommit: "yes" }, "disk.groupCommit to be true or false"],
  [
    "an unknown report",
    { ...oneMs, synced: "never" },
    'disk.synced to be one of "durable", "lies"',
  ],
];

test.each(wrong)("%s is refused by name", (_, spec, message) => {
  expect(() => needDisk("f", spec)).toThrow(RangeError);
  expect(() => needDisk("f", spec)).toThrow(`f: need ${message}`);
});

test("a sync takes its time after the bytes, longer on a slow disk", () => {
  const disk = diskOf({ bytesPerMs: 10 });
  disk.append("x", 20);
  disk.store("a", 1, 30);
  expect(disk.syncEndMs(100)).toBe(106);
  disk.slow(3);
  disk.append("y", 10);
  expect(disk.syncEndMs(200)).toBe(206);
  disk.slow(1);
  expect(disk.syncEndMs(300)).toBe(301);
});

test("group commit: those who ask while a sync is running share the next one", () => {
  const disk = diskOf({});
  const ends = [0, 0, 0.2, 0.9, 1, 1.5, 2.5, 7].map((atMs) => disk.syncEndMs(atMs));
  // The second asks when the first has begun; the one at 1 ms when the second has.
  expect(ends).toEqual([1, 2, 2, 2, 3, 3, 4, 8]);
});

test("group commit: what is not written when the next sync begins waits for the one after", () => {
  const disk = diskOf({ bytesPerMs: 10 });
  expect(disk.syncEndMs(0)).toBe(1);
  disk.append("small", 5);
  expect(disk.syncEndMs(0.1)).toBe(2);
  disk.append("large", 9);
  // Written at 0.1 + 0.5 + 0.9 ms, when the second sync is running.
  expect(disk.syncEndMs(0.2)).toBe(3);
});

test("without group commit each waits its turn", () => {
  const disk = diskOf({ groupCommit: false, bytesPerMs: 10 });
  const ends = [0, 0.2, 0.9, 1, 7].map((atMs) => {
    disk.append("x", 5);
    return disk.syncEndMs(atMs);
  });
  expect(ends).toEqual([1.5, 3, 4.5, 6, 8.5]);
});

test("a crash forgets the syncs under way", () => {
  for (const groupCommit of [true, false]) {
    const disk = diskOf({ groupCommit });
    disk.append("x", 1e9);
    for (let i = 0; i < 10; i++) disk.syncEndMs(0);
    disk.crash(0.5);
    expect(disk.syncEndMs(0.6)).toBe(1.6);
  }
});

test("another run of the same seed draws the same times; nodes draw their own", () => {
  const syncMs = { kind: "exponential", meanMs: 1 };
  const run = (disk: Disk, seed: number) => {
    disk.reset(seed);
    return [0, 10, 20].map((atMs) => disk.syncEndMs(atMs));
  };
  const [disk, other] = [0, 1].map((node) => new Disk({ ...oneMs, syncMs }, node));
  const first = run(disk!, 1);
  expect(run(disk!, 2)).not.toEqual(first);
  expect(run(disk!, 1)).toEqual(first);
  expect(run(other!, 1)).not.toEqual(first);
});

/** Writers who each ask for the next sync as soon as the last has ended: syncs in 1,000 ms. */
function closedThroughput(writers: number, groupCommit: boolean): number {
  const disk = diskOf({ groupCommit });
  const ends = Array.from({ length: writers }, () => disk.syncEndMs(0));
  let done = 0;
  while (ends[0]! <= 1000) {
    done++;
    ends.push(disk.syncEndMs(ends.shift()!));
  }
  return done;
}

test("one writer gets one sync a sync time; with group commit k get k, without they share it", () => {
  expect(closedThroughput(1, true)).toBe(1000);
  expect(closedThroughput(1, false)).toBe(1000);
  expect(closedThroughput(8, false)).toBe(1000);
  // The first has the disk to itself; from then on one sync for the first, one for the others.
  expect(closedThroughput(8, true)).toBe(8 * 500);
});

/** The obvious version: each sync begins when the disk is free and something is written, and takes all. */
function slowGroupEnds(askedMs: readonly number[], bytesMs: readonly number[]): number[] {
  const writtenMs: number[] = [];
  for (const [i, ms] of askedMs.entries()) {
    writtenMs.push(Math.max(ms, writtenMs[i - 1] ?? 0) + bytesMs[i]!);
  }
  const ends: number[] = [];
  for (let first = 0, freeMs = 0; first < askedMs.length; ) {
    const beginMs = Math.max(freeMs, writtenMs[first]!);
    freeMs = beginMs + 1;
    do ends[first++] = freeMs;
    while (askedMs[first]! < beginMs && writtenMs[first]! <= beginMs);
  }
  return ends;
}

// 2,000 histories of 30 syncs, from an idle disk to one that is asked six times a sync.
test("group commit ends syncs when the obvious version does", () => {
  const random = randomStream({ seed: 4, purpose: "histories" });
  for (let history = 0; history < 2000; history++) {
    const disk = diskOf({ bytesPerMs: 1 });
    const spanMs = 5 + (history % 40);
    const asked = Array.from({ length: 30 }, () => random.nextUniform() * spanMs).sort(
      (a, b) => a - b,
    );
    const bytes = asked.map(() => (random.nextUniform() < 0.3 ? random.nextUniform() : 0));
    const ends = asked.map((ms, i) => {
      disk.append(i, bytes[i]!);
      return disk.syncEndMs(ms);
    });
    expect(ends).toEqual(slowGroupEnds(asked, bytes));
  }
});

/** Mean time of syncs asked for at the times of a Poisson process, sync time 1 ms. */
function openMs(load: number, spec: Partial<DiskSpec>): { mean: number; error: number } {
  const disk = diskOf(spec);
  const gaps = randomStream({ seed: 2, purpose: "gaps" });
  let nowMs = 0;
  return batchMeans({ batches: 200, size: 5000 }, () => {
    nowMs -= Math.log(gaps.nextUniform()) / load;
    return disk.syncEndMs(nowMs) - nowMs;
  });
}

// 1,000,000 syncs each, batches of 5,000 against a memory of some 40 at load 0.7.
test.each([0.3, 0.7])("own turns, load %d: the time of M/D/1", (load) => {
  const { mean, error } = openMs(load, { groupCommit: false });
  expect(Math.abs(mean - (1 + load / (2 * (1 - load))))).toBeLessThan(4 * error);
});

test.each([0.3, 0.7])("own turns, exponential sync times, load %d: the time of M/M/1", (load) => {
  const spec = { groupCommit: false, syncMs: { kind: "exponential", meanMs: 1 } };
  const { mean, error } = openMs(load, spec);
  expect(Math.abs(mean - 1 / (1 - load))).toBeLessThan(4 * error);
});

// In a sync of 1 ms come Poisson(load) requests, which wait for half of it on average and take 1 ms
// more; with probability q = exp(-load) nobody comes, and the next one finds the disk idle.
test.each([0.3, 2, 20])("group commit, load %d: the time of a queue served all at once", (load) => {
  const { mean, error } = openMs(load, {});
  const q = Math.exp(-load);
  expect(Math.abs(mean - (q + 1.5 * load) / (q + load))).toBeLessThan(4 * error);
});

// 20,000 crashes with 4 entries not synced: 0 to 4 survive, each with probability 1/5.
test("torn writes: a random number of the first unsynced entries survives", () => {
  const counts = new Array<number>(5).fill(0);
  const disk = new Disk({ ...oneMs, torn: true }, 0);
  for (let seed = 0; seed < 20_000; seed++) {
    disk.reset(seed);
    disk.append(0, 1);
    disk.store("a", 1, 1);
    disk.syncEndMs(0);
    disk.synced();
    for (let entry = 1; entry <= 4; entry++) disk.append(entry, 1);
    disk.store("a", 2, 1);
    if (seed % 2 === 0) disk.syncEndMs(2);
    disk.crash(2.5);
    const { slots, log } = disk.durable();
    expect(slots).toEqual({ a: 1 });
    expect(log).toEqual([0, 1, 2, 3, 4].slice(0, log.length));
    counts[log.length - 1]!++;
  }
  const error = Math.sqrt((0.2 * 0.8) / 20_000);
  for (const count of counts) expect(Math.abs(count / 20_000 - 0.2)).toBeLessThan(4 * error);
});

test("a disk that lies reports at once, and a crash loses what the cache still held", () => {
  const disk = diskOf({ synced: "lies", groupCommit: false });
  const ends = [0, 0.1, 0.2].map((atMs, i) => {
    disk.append(i, 1);
    const endMs = disk.syncEndMs(atMs);
    disk.synced();
    return endMs;
  });
  expect(ends).toEqual([0, 0.1, 0.2]);
  // They are really durable at 1, 2 and 3 ms.
  disk.crash(2.5);
  expect(disk.durable().log).toEqual([0, 1]);
  disk.append("x", 1);
  expect(disk.syncEndMs(10)).toBe(10);
  disk.syncEndMs(20);
  expect(disk.durable().log).toEqual([0, 1, "x"]);
});

test("an honest disk with the same writes loses nothing that it reported", () => {
  for (const synced of ["durable", "lies"] as const) {
    const disk = diskOf({ synced });
    disk.append("x", 1);
    const reportedMs = disk.syncEndMs(0);
    disk.synced();
    disk.crash(reportedMs + 0.5);
    expect(disk.durable().log).toEqual(synced === "durable" ? ["x"] : []);
  }
});
