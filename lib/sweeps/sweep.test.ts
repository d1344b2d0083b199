import { expect, test } from "vitest";
import { exponential } from "../core/distributions/exponential.ts";
import { staleReadProbability } from "../quorum/staleReadProbability.ts";
import type { SweepProgress } from "./progress.ts";
import { type SweepRequest, sweep } from "./sweep.ts";

const measuresFrom = new URL("../../test/fixtures/sweepMeasures.ts", import.meta.url);

const circle = {
  measure: "circle",
  measuresFrom,
  over: { radius: [0.25, 0.5, 1], "points.perChunk": [100, 301] },
  seed: 7,
  workers: 0,
} satisfies SweepRequest;

const bytes = async (request: SweepRequest) => {
  const table = await sweep(request);
  return JSON.stringify([table.columns, table.rows, table.complete]);
};

test("any number of workers gives the same bytes", async () => {
  const inline = await bytes(circle);
  for (const workers of [1, 2, 3]) expect(await bytes({ ...circle, workers })).toBe(inline);
  expect(await bytes({ ...circle, seed: 8 })).not.toBe(inline);
});

test("the check of bytes sees a measure that remembers earlier calls", async () => {
  const request = { ...circle, measure: "remembering", over: { x: [1, 2, 3, 4] } };
  const rows = (await sweep({ ...request, workers: 2 })).numbers("calls");
  expect((await sweep(request)).numbers("calls")).toEqual([1, 2, 3, 4]);
  // The first two rows go to two threads, and each believes to be the first.
  expect(rows.slice(0, 2)).toEqual([1, 1]);
});

test("rows stand in the order of the grid, the last parameter fastest", async () => {
  const table = await sweep(circle);
  expect(table.columns.map(({ name }) => name)).toEqual([
    ...["radius", "points.perChunk", "share", "distance"],
  ]);
  expect(table.column("radius")).toEqual([0.25, 0.25, 0.5, 0.5, 1, 1]);
  expect(table.column("points.perChunk")).toEqual([100, 301, 100, 301, 100, 301]);
  expect(table.columns[3]).toEqual({ name: "distance", kind: "estimate", unit: "m" });
  expect(table.complete).toBe(true);
});

test("estimates count all chunks and cover the area of the circle", async () => {
  const over = { radius: [0.25, 0.5, 1], chunks: [40], "points.perChunk": [2500] };
  for (const row of (await sweep({ ...circle, over })).rows) {
    const share = row.share as { value: number; trials: number };
    const area = (Math.PI * (row.radius as number) ** 2) / 4;
    expect(share.trials).toBe(100_000);
    // Four standard errors of a proportion.
    const tolerance = 4 * Math.sqrt((area * (1 - area)) / share.trials);
    expect(Math.abs(share.value - area)).toBeLessThan(tolerance);
  }
});

test("a list of points leaves out what makes no sense; what a point leaves out is the base's", async () => {
  const points = [
    { r: 1, w: 3 },
    { r: 2, w: 1 },
    { r: 2, n: 5 },
  ];
  const base = { n: 3, w: 2 };
  const table = await sweep({ ...circle, measure: "fixed-quorum-staleness", over: points, base });
  expect(table.rows.map(({ r, w, n }) => [r, w, n])).toEqual([
    [1, 3, 3],
    [2, 1, 3],
    [2, 2, 5],
  ]);
  expect(table.numbers("staleProbability")[2]).toBe(staleReadProbability({ n: 5, r: 2, w: 2 }));
});

test("base and points stay as they were, and values of the grid do not leak into other rows", async () => {
  const base = { points: { perChunk: 50 } };
  const before = JSON.stringify(base);
  await sweep({ ...circle, base });
  expect(JSON.stringify(base)).toBe(before);
  expect(Object.isFrozen(base.points)).toBe(false);
});

test("rows share random numbers, or draw their own if asked", async () => {
  const request = { ...circle, measure: "failing", over: { limit: [3, 4, 5] } };
  expect((await sweep(request)).numbers("seed")).toEqual([7, 7, 7]);
  const independent = await sweep({ ...request, pairing: "independent" });
  const seeds = independent.numbers("seed");
  expect(new Set(seeds).size).toBe(3);
  expect(seeds.every(Number.isSafeInteger)).toBe(true);
  // A row's seed does not depend on the rows around it.
  const one = await sweep({ ...request, pairing: "independent", over: { limit: [4] } });
  expect(one.numbers("seed")).toEqual([seeds[1]]);
});

test("seeds may be a part of the grid", async () => {
  const over = { radius: [1], seed: [7, 8] };
  const table = await sweep({ ...circle, over });
  expect(table.column("seed")).toEqual([7, 8]);
  for (const seed of [7, 8]) {
    const alone = await sweep({ ...circle, over: { radius: [1] }, seed });
    const row = table.where((candidate) => candidate.seed === seed).rows[0]!;
    expect(row).toEqual({ ...alone.rows[0], seed });
  }
  const points = [{ radius: 1, seed: 8 }, { radius: 1 }];
  expect((await sweep({ ...circle, over: points })).column("seed")).toEqual([8, 7]);
});

test("common random numbers: a larger circle is hit whenever a smaller one is", async () => {
  const radii = Array.from({ length: 50 }, (_, i) => 0.9 + i * 1e-4);
  const over = { radius: radii, chunks: [1] };
  const common = (await sweep({ ...circle, over })).numbers("share");
  expect(common).toEqual([...common].sort());
  const independent = await sweep({ ...circle, over, pairing: "independent" });
  expect(independent.numbers("share")).not.toEqual([...independent.numbers("share")].sort());
});

test("progress counts every chunk, and ends with nothing left", async () => {
  for (const workers of [0, 2]) {
    const seen: SweepProgress[] = [];
    await sweep({ ...circle, workers, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ done: 0, total: 42, rowsDone: 0, rowsTotal: 6 });
    expect(seen[0]!.etaMs).toBe(Infinity);
    expect(seen.at(-1)).toMatchObject({ done: 42, total: 42, rowsDone: 6, etaMs: 0 });
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((first, second) => first - second));
  }
});

test.each([0, 2])("an interrupt keeps the finished rows (workers: %i)", async (workers) => {
  // 5.6 million points: a quarter of a second, so that an interrupt after 3 rows comes in time.
  const long = { ...circle, over: { radius: radiiOf(400) }, base: { points: { perChunk: 2000 } } };
  const whole = await sweep(long);
  const stop = new AbortController();
  const table = await sweep({
    ...long,
    workers,
    signal: stop.signal,
    onProgress: ({ rowsDone }) => rowsDone >= 3 && stop.abort(),
  });
  expect(table.complete).toBe(false);
  expect(table.expectedRows).toBe(400);
  expect(table.rows.length).toBeGreaterThanOrEqual(3);
  expect(table.rows.length).toBeLessThan(400);
  expect(table.toString()).toContain(`incomplete: ${table.rows.length} of 400 rows were finished`);
  for (const row of table.rows) {
    expect(row).toEqual(whole.rows.find(({ radius }) => radius === row.radius));
  }
});

const radiiOf = (count: number) => Array.from({ length: count }, (_, i) => (i + 1) / count);

test("a sweep that was stopped before it began is empty and incomplete", async () => {
  const table = await sweep({ ...circle, workers: 2, signal: AbortSignal.abort() });
  expect([table.rows.length, table.complete, table.expectedRows]).toEqual([0, false, 6]);
});

test.each([0, 2])("a row that fails ends the sweep and is named (workers: %i)", async (workers) => {
  const request = { ...circle, measure: "failing", workers, over: { x: [1, 2, 3, 4] } };
  const failure = sweep(request);
  await expect(failure).rejects.toThrow(RangeError);
  await expect(failure).rejects.toThrow(/^sweep: at x=[34]: failing: need x <= 2$/);
  const broken = sweep({ ...request, base: { error: "Error" } });
  await expect(broken).rejects.toThrow(/^sweep: at x=[34]: failing: broken$/);
  await expect(broken).rejects.not.toThrow(RangeError);
});

test("a worker that ends by itself ends the sweep", async () => {
  const request = { ...circle, measure: "failing", workers: 1, base: { error: "exit" } };
  const failure = sweep({ ...request, over: { x: [1, 3] } });
  await expect(failure).rejects.toThrow("sweep: a worker ended with exit code 7");
});

test("a configuration that the measure refuses is found before any work is done", async () => {
  let told = 0;
  const request = { ...circle, over: { radius: [1, -1] }, onProgress: () => told++ };
  await expect(sweep(request)).rejects.toThrow("sweep: at radius=-1: circle: need radius");
  expect(told).toBe(0);
  const sizes = { ...circle, measure: "fixed-quorum-staleness", over: { r: [1, 4], n: [3] } };
  await expect(sweep(sizes)).rejects.toThrow("sweep: at r=4, n=3: staleReadProbability: need r");
});

test("an error in onProgress ends the sweep", async () => {
  for (const workers of [0, 2]) {
    const onProgress = ({ done }: SweepProgress) => {
      if (done > 0) throw new Error("no screen");
    };
    await expect(sweep({ ...circle, workers, onProgress })).rejects.toThrow("no screen");
  }
});

const refusals: readonly (readonly [string, Partial<SweepRequest>, string])[] = [
  ["measure", { measure: "speed" }, 'need measure to be one of "staleness"'],
  ["seed", { seed: -1 }, "need seed to be an integer >= 0, got -1"],
  ["workers", { workers: 1.5 }, "need workers to be an integer in [0, 256], got 1.5"],
  ["base", { base: { r: 1 } }, 'of fields that "circle" has: radius, chunks, points, got "r"'],
  ["unknown path", { over: { radios: [1] } }, 'need path "radios" to be in the configuration'],
  ["path inside", { over: { "points.each": [1] } }, "points has perChunk, got"],
  ["path too deep", { over: { "radius.x": [1] } }, "radius has no fields, got 1"],
  ["prototype", { over: { toString: [1] } }, 'need path "toString"'],
  ["empty axis", { over: { radius: [] } }, 'need over["radius"] to be a list of at least one'],
  ["function", { over: { radius: [() => 1] } }, "need radius to be plain data"],
  ["chunks", { base: { chunks: 0 } }, "need chunks of a row to be an integer >= 1, got 0"],
  ["seed of a point", { over: { seed: [-1] } }, "need over.seed to be an integer >= 0, got -1"],
  ["pairing", { pairing: "none" as "common" }, 'need pairing to be one of "common"'],
];

test.each(refusals)("refuses a wrong %s", async (_, change, message) => {
  const failure = sweep({ ...circle, ...change });
  await expect(failure).rejects.toThrow(RangeError);
  await expect(failure).rejects.toThrow(message);
});

test("staleness, with a path into the distribution of a leg", async () => {
  const leg = exponential({ meanMs: 1 });
  const latency = { kind: "identical", name: "fast", legs: { w: leg, a: leg, r: leg, s: leg } };
  const request = {
    measure: "staleness",
    over: { "latency.legs.w.meanMs": [1, 10], r: [1, 2, 3] },
    base: { latency, n: 3, w: 1, trials: 2000, atMs: 2 },
    seed: 1,
  } satisfies SweepRequest;
  const table = await sweep({ ...request, workers: 2 });
  expect(JSON.stringify(table)).toBe(JSON.stringify(await sweep({ ...request, workers: 0 })));
  expect(table.column("latency.legs.w.meanMs")).toEqual([1, 1, 1, 10, 10, 10]);
  const stale = table.estimates("staleProbability");
  // The exact value at a mean of 10 ms, t = 2, R = W = 1 is 0.4752 (1 - 0.5248).
  expect(stale[3]!.low).toBeLessThan(0.4752);
  expect(stale[3]!.high).toBeGreaterThan(0.4752);
  expect(stale[2]).toMatchObject({ value: 0, method: "exact" });
  expect(stale[0]!.value).toBeLessThan(stale[3]!.value);
});

test("a row that the staleness measure refuses ends the sweep before any other is computed", async () => {
  const told: number[] = [];
  const request = {
    measure: "staleness",
    over: { trials: [1000, -5] },
    seed: 1,
    workers: 0,
    onProgress: ({ rowsDone }: { rowsDone: number }) => void told.push(rowsDone),
  } as const;
  await expect(sweep(request)).rejects.toThrow(
    /^sweep: at trials=-5: staleness: need trials to be an integer in \[1, /,
  );
  expect(told).toEqual([]);
});

test("a measure of one's own may not take the name of one of the library's", async () => {
  const list = 'export const measures = [{ name: "staleness" }];';
  const stolen = `data:text/javascript,${encodeURIComponent(list)}`;
  const request = { measure: "staleness", measuresFrom: stolen, over: [{}], seed: 1 };
  await expect(sweep(request)).rejects.toThrow(/names of their own, got "staleness"$/);
});
