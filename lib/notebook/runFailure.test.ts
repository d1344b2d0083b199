import { expect, test } from "vitest";
import { failureOf } from "./runFailure.ts";

test("lines of the type checker, as tslab prints them", () => {
  const pattern = "%s%d:%d - %s";
  expect(
    failureOf(2, [
      [pattern, "", 1, 7, "No."],
      [pattern, "a.ts ", 3, 1, "Nor this."],
    ]),
  ).toEqual({
    cell: 2,
    name: "Type error",
    message: "1:7 - No.",
    details: "1:7 - No.\na.ts 3:1 - Nor this.",
  });
});

test("an error keeps its class, its first line and the frames that are not ours", () => {
  const error = new RangeError("need n >= 1\nsecond line");
  error.stack = `RangeError: need n >= 1\n    at evalmachine.<anonymous>:2:7
    at handle (/x/node_modules/tslab/dist/jupyter.js:1:1)\n    at node:internal/x:1:1`;
  const { name, message, details } = failureOf(0, [[error]]);
  expect({ name, message }).toEqual({ name: "RangeError", message: "need n >= 1" });
  expect(details).toBe("RangeError: need n >= 1\n    at evalmachine.<anonymous>:2:7");
});

test("a thrown text and a failure without words", () => {
  expect(failureOf(0, [["just text"]])).toMatchObject({
    name: "Thrown value",
    message: "'just text'",
  });
  expect(failureOf(0, [])).toMatchObject({ message: "the cell failed without a message" });
});

test("a variable that tslab lost in a shorthand is explained", () => {
  const error = new ReferenceError("title is not defined");
  const { details } = failureOf(0, [[error]], { title: "T" });
  expect(details).toMatch("write { title: title } instead of { title }");
  expect(failureOf(0, [[error]], {}).details).not.toMatch("instead of");
});
