import { expect, test } from "vitest";
import { cutTexts, type Link } from "./cutGroups.ts";
import type { ScenarioInput } from "./scenarioInput.ts";
import { findWitness } from "./witness.ts";

const both = (...pairs: Link[]): Link[] =>
  pairs.flatMap(([a, b]): Link[] => [
    [a, b],
    [b, a],
  ]);
const between = (...groups: number[][]): Link[] =>
  groups.flatMap((group, i) =>
    group.flatMap((from) =>
      groups.flatMap((other, j) => (i === j ? [] : other.map((to): Link => [from, to]))),
    ),
  );

test.each<[string, Link[], string[]]>([
  ["two groups, the smaller first", between([1, 2, 3], [0, 4]), ["n0, n4 | n1, n2, n3"]],
  ["three groups", between([0], [1], [2, 3]), ["n0 | n1 | n2, n3"]],
  ["one way", between([0, 1], [2, 3]).slice(0, 4), ["n0, n1 -> n2, n3"]],
  [
    "two faults at once",
    [...between([0], [1]), ...between([2], [3, 4])],
    ["n0 | n1", "n2 | n3, n4"],
  ],
  ["a bridge", both([0, 3], [1, 3], [0, 4]), ["n0 -> n3, n4; n3 -> n0, n1; n1 -> n3; n4 -> n0"]],
  [
    "one way of many",
    [
      [0, 1],
      [1, 2],
    ],
    ["n0 -> n1; n1 -> n2"],
  ],
  [
    "a ring of one way",
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    ["n0 -> n1; n1 -> n2; n2 -> n0"],
  ],
  [
    "parts that a later link joins",
    [
      [0, 1],
      [2, 3],
      [1, 2],
    ],
    ["n0 -> n1; n2 -> n3; n1 -> n2"],
  ],
])("%s", (_, links, texts) => {
  expect(cutTexts(links, (node) => `n${node}`)).toEqual(texts);
});

test("a partition is one line of a witness", () => {
  const nodes = [{ kind: "leader" }, { kind: "node", node: "client-1" }];
  const witness = findWitness(
    {
      protocol: {
        options: { failover: { kind: "election", timeout: { minMs: 100, maxMs: 200 } } },
      },
      clientOptions: { reads: { kind: "any" } },
      faults: [
        {
          what: { kind: "cut", links: { kind: "isolate", nodes }, lastsMs: 400 },
          when: { kind: "at", atMs: 300 },
        },
      ],
      ...{ durationMs: 1000, settleMs: 1000 },
    } as ScenarioInput,
    "splitBrainMs",
    { runsMax: 9 },
  )!;
  const faults = witness.explanation.filter((line) => line.includes("fault:"));
  expect(faults[0]).toBe("300.000 ms  fault: cut replica-1, client-1 | replica-2, replica-3");
  expect(faults.slice(1).filter((line) => line.includes(" cut "))).toEqual([]);
});
