import { expect, test } from "vitest";
import { unitOfColumn, withoutUnit } from "./datasetUnits.ts";

test("a unit stands at the end of a column's name, or before a statistic", () => {
  const names = [
    "latencyMs",
    "latencyMsMin",
    "latencyMsP99",
    "delay_us",
    "repairMin",
    "min",
    "P99",
  ];
  expect(names.map(unitOfColumn)).toEqual(["ms", "ms", "ms", "us", "min", undefined, undefined]);
  expect(withoutUnit("latencyMsP99")).toBe(withoutUnit("latencyUsP99"));
  expect(withoutUnit("latencyMsP99")).not.toBe(withoutUnit("latencyMsMax"));
});
