import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs, formatDuration } from "./duration.ts";
import { millis, probability } from "./units.ts";

test.each([
  ["5 ms", 5],
  ["5ms", 5],
  ["  2 s ", 2000],
  ["3 h", 10_800_000],
  ["3 hours", 10_800_000],
  ["150 us", 0.15],
  ["199.99 us", 0.19999],
  ["127.07 ms", 127.07],
  ["199.95 s", 199_950],
  ["150 µs", 0.15],
  ["150 μs", 0.15],
  ["1.5 min", 90_000],
  ["1e3 s", 1e6],
  [".5 s", 500],
  ["+1 s", 1000],
  ["0 s", 0],
  ["2 days", 172_800_000],
  [12.5, 12.5],
  [0, 0],
])("%o is %d ms", (value, ms) => {
  expect(durationMs(value)).toBe(ms);
});

const refused = [
  ..."5 kg|5|ms||five ms|-5 ms|5 ms/s|1/Hz|5 m|1 h 30 min|NaN ms|Infinity ms|1e400 ms|5 s^2".split(
    "|",
  ),
  ...[-1, Number.NaN, Infinity, -Infinity],
];

test.each(refused)("%o is refused with the accepted forms", (value) => {
  expect(() => durationMs(value)).toThrow(RangeError);
  const shown = typeof value === "string" ? JSON.stringify(value) : value;
  expect(() => durationMs(value)).toThrow(
    'durationMs: need value to be a duration: a number of ms, or a text such as "150 us", "5 ms", ' +
      `"2 s", "1.5 min", "3 h", >= 0, got ${shown}`,
  );
});

test.each([
  ["ns", 1e6],
  ["us", 1e3],
  ["ms", 1],
  ["s", 1e-3],
] as const)("a text in %s is right to the last digit", (unit, perMs) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (count) => {
      const number = count / 1000;
      const exact = perMs === 1e-3 ? number * 1000 : number / perMs;
      expect(durationMs(`${number} ${unit}`)).toBe(exact);
    }),
  );
});

test("a text in ms is exactly its number", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e300, noNaN: true }), (ms) => {
      expect(durationMs(`${ms} ms`)).toBe(ms);
    }),
  );
});

test.each([
  [5, "5 ms"],
  [2500, "2.5 s"],
  [0, "0 ms"],
  [0.15, "150 us"],
  [0.00025, "250 ns"],
  [1e-9, "0.001 ns"],
  [999.96, "1 s"],
  [999.94, "999.9 ms"],
  [59_999.9, "1 min"],
  [90_000, "1.5 min"],
  [10_800_000, "3 h"],
  [172_800_000, "2 days"],
  [-2.5, "-2.5 ms"],
  [Infinity, "Infinity ms"],
])("%d ms reads %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("what formatDuration prints, durationMs reads back to four digits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (ms) => {
      expect(Math.abs(durationMs(formatDuration(ms)) / ms - 1)).toBeLessThan(5.1e-4);
    }),
  );
  expect(() => formatDuration(Number.NaN)).toThrow("formatDuration: need ms");
});

test("millis and probability check their ranges at the border and past it", () => {
  expect([millis(0), millis(1e300), probability(0), probability(1)]).toEqual([0, 1e300, 0, 1]);
  expect(() => millis(-1e-9)).toThrow("millis: need value to be a number in [0, Infinity) ms");
  expect(() => millis(Infinity)).toThrow(RangeError);
  expect(() => millis(Number.NaN)).toThrow("got NaN");
  expect(() => probability(1.0000000000000002)).toThrow(
    "probability: need value to be a number in",
  );
  expect(() => probability(-1e-300)).toThrow(RangeError);
});

test("mathjs is loaded by the first text, not by the import nor by numbers", () => {
  const module = new URL("./duration.ts", import.meta.url).href;
  const loaded = (values: string) =>
    execFileSync(process.execPath, [
      "--input-type=module",
      "-e",
      `import { createRequire } from "node:module";
       import { durationMs } from "${module}";
       for (const value of ${values}) durationMs(value);
       const { cache } = createRequire("${module}");
       console.log(Object.keys(cache).some((path) => path.includes("mathjs")));`,
    ])
      .toString()
      .trim();
  expect(loaded("[5, 10]")).toBe("false");
  expect(loaded('["5 ms"]')).toBe("true");
});
