import { expect, test } from "vitest";
import { needInteger, needList, needNumber, needOneOf, needRecord, refuse } from "./need.ts";

const refused: readonly (readonly [() => unknown, string])[] = [
  [() => refuse("f", "x", "good", { a: 1 }), 'f: need x to be good, got {"a":1}'],
  [() => refuse("f", "x", "good", undefined), "f: need x to be good, got undefined"],
  [() => refuse("f", "x", "good", "5"), 'f: need x to be good, got "5"'],
  [() => needNumber("f", "x", "5"), 'f: need x to be a number in [-Infinity, Infinity], got "5"'],
  [() => needNumber("f", "x", Number.NaN, { min: 0 }), "a number in [0, Infinity], got NaN"],
  [() => needNumber("f", "x", 0, { min: 0, exclusiveMin: true }), "a number in (0, Infinity]"],
  [
    () => needNumber("f", "x", 1, { min: 0, max: 1, exclusiveMax: true, unit: "ms" }),
    "a number in [0, 1) ms, got 1",
  ],
  [() => needInteger("f", "n", 0, { min: 1 }), "f: need n to be an integer >= 1, got 0"],
  [() => needInteger("f", "n", 1.5, { min: 1, max: 3 }), "an integer in [1, 3], got 1.5"],
  [() => needInteger("f", "n", 2 ** 53, { min: 1 }), "got 9007199254740992"],
  [() => needInteger("f", "n", "1", { min: 1 }), 'got "1"'],
  [() => needOneOf("f", "kind", "c", ["a", "b"]), 'f: need kind to be one of "a", "b", got "c"'],
  [() => needRecord("f", "o", null), "f: need o to be an object, got null"],
  [() => needRecord("f", "o", [1]), "f: need o to be an object, got [1]"],
  [() => needList("f", "l", []), "f: need l to be a list that is not empty, got []"],
  [() => needList("f", "l", { length: 1 }), 'got {"length":1}'],
];

test.each(refused)("%s throws a RangeError", (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

test("what is in range is returned, ends included unless excluded", () => {
  expect(needNumber("f", "x", 0, { min: 0 })).toBe(0);
  expect(needNumber("f", "x", Infinity, { min: 0 })).toBe(Infinity);
  expect(
    needNumber("f", "x", 0.5, { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true }),
  ).toBe(0.5);
  expect(needInteger("f", "n", 3, { min: 1, max: 3 })).toBe(3);
  expect(needInteger("f", "n", Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  expect(needOneOf("f", "kind", "a", ["a", "b"])).toBe("a");
  expect(needRecord("f", "o", { a: 1 })).toEqual({ a: 1 });
  expect(needList("f", "l", [0])).toEqual([0]);
});

test("a long value is cut in the message", () => {
  const long = Array.from({ length: 1000 }, (_, i) => i);
  expect(() => refuse("f", "x", "short", long)).toThrow(/, got .{77}\.\.\.$/);
});
