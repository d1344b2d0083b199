import { expect, test } from "vitest";
import { tableValue } from "../../../test/support/warsTwin.ts";
import { distributionFromJson } from "../../core/distributions/registry.ts";
import { highEdge, lowEdge } from "../../core/logHistogram.ts";
import { quantileTable } from "../../core/quantileTable.ts";
import { RandomStream } from "../../core/random.ts";
import { loadKernel } from "./kernel.ts";

const exponential = quantileTable(distributionFromJson({ kind: "exponential", meanMs: 5 }));
const zero = quantileTable(distributionFromJson({ kind: "constant", valueMs: 0 }));

// From this state sfc32 gives 1, 2 and 12 first: draws so far out that 32 further bits are taken.
const start = { a: 0, b: 0, c: 0, counter: 1 };
const deep = { a: 5, b: 6, c: 7, counter: 1 };

test("draws far out are refined by further bits, in the order of the draws", () => {
  const kernel = loadKernel({ plan: {}, pairs: "one" }, () => ({
    quorums: { r: 1, w: 1 },
    tables: [exponential, zero],
    legTables: [[0, 1, 1, 1]],
    oneWayMs: [[0]],
    siteLimits: [[0], [0]],
    timesMs: [0],
  }));
  kernel.reset();
  // With all other legs 0, the write latency of the 12 trials is W: 4 streams, 3 draws each.
  kernel.run({ lanes: [start, start, start, start], deep }, 12);
  const [, , { firstBin, counts }] = kernel.read().histograms(0);
  const words = new RandomStream(start);
  const details = new RandomStream(deep);
  const values = [0, 1, 2].flatMap(() => {
    const word = words.nextUint32();
    return [0, 1, 2, 3].map(() => tableValue(exponential, word, () => details.nextUint32()));
  });
  // 5 ms times ln of 2^32 / 13 to 2^32.
  expect(Math.min(...values)).toBeGreaterThan(98);
  const found = counts.flatMap((count, i) => Array.from({ length: count }, () => firstBin + i));
  values.sort((a, b) => a - b);
  expect(found.length).toBe(values.length);
  found.forEach((bin, i) => {
    expect(lowEdge(bin)).toBeLessThanOrEqual(values[i]!);
    expect(highEdge(bin)).toBeGreaterThan(values[i]!);
  });
});
