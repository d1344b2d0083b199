import { expect, test } from "vitest";
import { type ClockSpec, Clocks, needClocks } from "./clock.ts";

const drifting = { offsetMs: 50, driftPpm: 200 };

function clocksOf(spec: ClockSpec | undefined, count = 3, seed = 1): Clocks {
  const clocks = new Clocks(spec, count);
  clocks.reset(seed);
  return clocks;
}

const wrong: [string, unknown, string][] = [
  ["no object", 5, "clocks to be an object"],
  ["no drift", { offsetMs: 1 }, "clocks.driftPpm to be a number in [0, 1000000), got undefined"],
  ["a clock that stands", { offsetMs: 1, driftPpm: 1e6 }, "clocks.driftPpm"],
  ["a negative offset", { ...drifting, offsetMs: -1 }, "clocks.offsetMs to be a number in [0, In"],
  ["a stray field", { ...drifting, jumps: 1 }, "fields of clocks to be among offsetMs"],
  [
    "a node unknown",
    { ...drifting, nodes: [{ node: 3 }] },
    "clocks.nodes[0].node to be an integer",
  ],
  [
    "a wild offset",
    { ...drifting, nodes: [{ node: 0, offsetMs: Infinity }] },
    "clocks.nodes[0].off",
  ],
  ["a wild drift", { ...drifting, nodes: [{ node: 0, driftPpm: -1e6 }] }, "clocks.nodes[0].driftP"],
  ["no period", { ...drifting, resync: { boundMs: 1 } }, "clocks.resync.everyMs"],
  [
    "a bound below 0",
    { ...drifting, resync: { everyMs: 1, boundMs: -1 } },
    "clocks.resync.boundMs",
  ],
];

test.each(wrong)("%s is refused by name", (_, spec, message) => {
  expect(() => needClocks("f", spec, 3)).toThrow(RangeError);
  expect(() => needClocks("f", spec, 3)).toThrow(`f: need ${message}`);
});

test("without a spec clocks show true time, exactly, but for jumps", () => {
  const clocks = clocksOf(undefined);
  for (const ms of [0, 0.1, 1e9 / 3]) {
    expect(clocks.readMs(2, ms)).toBe(ms);
    expect(clocks.trueDelayMs(2, ms)).toBe(ms);
  }
  clocks.jump(2, -7, 1e9);
  expect(clocks.readMs(2, 2e9)).toBe(2e9 - 7);
  expect(clocks.readMs(1, 2e9)).toBe(2e9);
  clocks.reset(2);
  expect(clocks.readMs(2, 5)).toBe(5);
});

// 20,000 clocks: the share of each tenth of the range within 4 standard errors of 1/10.
test("offsets and drifts are uniform in their ranges, and independent", () => {
  const count = 20_000;
  const clocks = clocksOf(drifting, count);
  const offsets = Array.from({ length: count }, (_, node) => clocks.readMs(node, 0) / 50);
  const drifts = offsets.map((offset, node) => clocks.readMs(node, 5000) - 5000 - 50 * offset);
  const error = Math.sqrt(0.09 / count);
  for (const values of [offsets, drifts]) {
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(5 * (value + 1))]!++;
    for (const tenth of tenths) expect(Math.abs(tenth / count - 0.1)).toBeLessThan(4 * error);
  }
  // The product of two independent uniforms in [-1, 1] has mean 0, variance 1/9.
  const mean = offsets.reduce((sum, offset, node) => sum + offset * drifts[node]!, 0) / count;
  expect(Math.abs(mean)).toBeLessThan(4 / 3 / Math.sqrt(count));
});

test("the same seed gives the same clocks; a wider range stretches them, nothing else", () => {
  const read = (spec: ClockSpec, seed: number) => {
    const clocks = clocksOf(spec, 3, seed);
    return [0, 1, 2].map((node) => clocks.readMs(node, 0));
  };
  const first = read(drifting, 1);
  expect(read(drifting, 1)).toEqual(first);
  expect(read(drifting, 2)).not.toEqual(first);
  expect(read({ offsetMs: 100, driftPpm: 5 }, 1)).toEqual(first.map((ms) => 2 * ms));
});

test("known clocks are as given, the others keep their draws", () => {
  const free = clocksOf(drifting);
  const clocks = clocksOf({ ...drifting, nodes: [{ node: 1, offsetMs: -3, driftPpm: 1000 }] });
  expect(clocks.readMs(1, 10_000)).toBeCloseTo(10_000 - 3 + 10, 9);
  expect(clocks.readMs(0, 10_000)).toBe(free.readMs(0, 10_000));
  expect(clocks.readMs(2, 10_000)).toBe(free.readMs(2, 10_000));
});

test("a timer of d local ms takes d / (1 + drift) true ms: the clock then shows d more", () => {
  const clocks = clocksOf({ ...drifting, nodes: [{ node: 0, driftPpm: 500_000 }] });
  expect(clocks.trueDelayMs(0, 30)).toBeCloseTo(20, 12);
  for (const node of [0, 1, 2]) {
    const trueMs = clocks.trueDelayMs(node, 1000);
    expect(clocks.readMs(node, 7 + trueMs) - clocks.readMs(node, 7)).toBeCloseTo(1000, 9);
  }
  clocks.jump(0, 5000, 10);
  expect(clocks.trueDelayMs(0, 30)).toBeCloseTo(20, 12);
});

const resync = { everyMs: 1000, boundMs: 2 };

test("clocks go forward between jumps and settings, and jump by what they are told", () => {
  const clocks = clocksOf({ offsetMs: 50, driftPpm: 900_000 });
  for (const node of [0, 1, 2]) {
    let last = clocks.readMs(node, 0);
    for (let ms = 0.01; ms < 10; ms += 0.01) {
      const shown = clocks.readMs(node, ms);
      expect(shown).toBeGreaterThan(last);
      last = shown;
    }
    clocks.jump(node, -20, 10);
    expect(clocks.readMs(node, 10) - last).toBeLessThan(-19);
  }
});

/** Errors of one clock read at some times of 100,000 ms. */
function errorsOf(clocks: Clocks, stepMs: number): Map<number, number> {
  const errors = new Map<number, number>();
  for (let ms = 0; ms <= 100_000; ms += stepMs) errors.set(ms, clocks.readMs(0, ms) - ms);
  return errors;
}

test("after a setting the error is within the bound, and drifts from there until the next", () => {
  const clocks = clocksOf({ offsetMs: 500, driftPpm: 1000, resync });
  const errors = errorsOf(clocks, 1);
  const settled = [...errors].filter(([ms]) => ms >= 1000).map(([, error]) => error);
  // Within a period of 1,000 ms a drift of 1000 ppm makes 1 ms more.
  const largest = settled.reduce((most, error) => Math.max(most, Math.abs(error)), 0);
  expect(largest).toBeLessThanOrEqual(2 + 1);
  const changes = settled.slice(1).map((error, i) => Math.abs(error - settled[i]!));
  // 99 settings, each of which moves the clock; between them it drifts at most 0.001 ms per ms.
  expect(changes.filter((change) => change > 0.0011).length).toBeGreaterThan(90);
  expect(changes.filter((change) => change > 0.0011).length).toBeLessThanOrEqual(100);
});

test("what a clock shows does not depend on how often it is looked at", () => {
  const spec = { offsetMs: 500, driftPpm: 1000, resync };
  const [often, seldom] = [errorsOf(clocksOf(spec), 1), errorsOf(clocksOf(spec), 3700)];
  expect(seldom.size).toBeGreaterThan(20);
  for (const [ms, error] of seldom) expect(error).toBe(often.get(ms));
});

// 2,000 clocks: as a share of the period the first setting is uniform; mean 1/2, variance 1/12.
test("clocks are set for the first time after a random part of the period", () => {
  const clocks = clocksOf({ offsetMs: 0, driftPpm: 0, resync }, 2000);
  let early = 0;
  for (let node = 0; node < 2000; node++) if (clocks.readMs(node, 250) !== 250) early++;
  expect(Math.abs(early / 2000 - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 2000));
});

test("a new run begins with clocks as they were", () => {
  const spec = { offsetMs: 500, driftPpm: 1000, resync };
  const clocks = clocksOf(spec);
  const first = errorsOf(clocks, 3700);
  clocks.reset(1);
  expect(errorsOf(clocks, 3700)).toEqual(first);
  clocks.reset(2);
  expect(errorsOf(clocks, 3700)).not.toEqual(first);
});

// 50,000 settings: mean 0 and standard deviation bound / sqrt(3).
test("errors after a setting are uniform within the bound", () => {
  const clocks = clocksOf({ offsetMs: 0, driftPpm: 0, resync });
  const count = 50_000;
  let [sum, squares] = [0, 0];
  for (let i = 1; i <= count; i++) {
    // Read in seconds of true time: differences to large numbers are exact to 1e-8.
    const error = clocks.readMs(0, 1000 * i) - 1000 * i;
    sum += error;
    squares += error * error;
  }
  expect(Math.abs(sum / count)).toBeLessThan((4 * 2) / Math.sqrt(3 * count));
  // A uniform square has variance 4 bound^4 / 45.
  const spread = Math.sqrt((4 * 16) / 45 / count);
  expect(Math.abs(squares / count - 4 / 3)).toBeLessThan(4 * spread);
});

test("a jump lasts until the next setting, and no longer", () => {
  const clocks = clocksOf({ offsetMs: 0, driftPpm: 0, resync });
  // Nobody looked for 50 settings: they come before the jump.
  clocks.jump(0, 1e6, 50_000);
  expect(clocks.readMs(0, 50_000)).toBeGreaterThan(1e6);
  expect(Math.abs(clocks.readMs(0, 51_000) - 51_000)).toBeLessThanOrEqual(2);
});
