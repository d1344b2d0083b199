import { expect, test } from "vitest";
import { sixReplicas, strikes } from "../../../test/support/idleWorld.ts";
import { needFaults } from "./needFaults.ts";
import { partitionDurations } from "./partitionDurations.ts";

const what = { kind: "crash", target: { kind: "node", node: "r0" }, lastsMs: "forever" };
const when = { kind: "at", atMs: 0 };
const check = (value: unknown) => needFaults("f", value, sixReplicas);

/** A schedule of one fault, with some of its action and times replaced. */
const fault = (action: object, times: object = when) => ({
  faults: [{ what: { ...what, ...action }, when: times }],
});
const links = (value: unknown) => ({
  faults: [{ when, what: { kind: "cut", links: value, lastsMs: 1 } }],
});

const wrong: readonly (readonly [unknown, string])[] = [
  [[], "f: need value to be an object, got []"],
  [{ faults: {} }, "f: need faults to be a list, got {}"],
  [
    { faults: [], healAtMs: 1 },
    'f: need fields of the schedule to be among faults, healAllAtMs, leadership, got "healAtMs"',
  ],
  [{ faults: [], healAllAtMs: -1 }, "f: need healAllAtMs to be a duration"],
  [
    { faults: [], leadership: { leads: 1 } },
    "f: need leadership.leads to be the name of an observation, got 1",
  ],
  [
    { faults: [{ what, when, disabled: false }] },
    "f: need faults[0].disabled to be true or absent, got false",
  ],
  [
    { faults: [{ what, when, name: "" }] },
    'f: need faults[0].name to be a text that is not empty, got ""',
  ],
  [
    {
      faults: [
        { what, when, name: "a" },
        { what, when },
        { what, when, name: "a" },
      ],
    },
    "f: need faults[2].name to be different from all others",
  ],
  [fault({ kind: "burn" }), 'f: need faults[0].what.kind to be one of "crash", "pause"'],
  [
    fault({ factor: 2 }),
    'f: need fields of faults[0].what to be among kind, target, lastsMs, got "factor"',
  ],
  [fault({ lastsMs: -1 }), "f: need faults[0].what.lastsMs to be a duration"],
  [
    fault({ lastsMs: { kind: "exponential", meanMs: -2 } }),
    "f: need faults[0].what.lastsMs to be a time or a distribution of times (exponential: need meanMs",
  ],
  [
    fault({ lastsMs: { kind: "published", name: "x" } }),
    'f: need faults[0].what.lastsMs.name to be one of "cenicSoftware"',
  ],
  [
    fault({ target: { kind: "node", node: "r9" } }),
    'f: need faults[0].what.target.node to be a number or a name of a node ("r0", ',
  ],
  [
    fault({ target: { kind: "node", node: 8 } }),
    "f: need faults[0].what.target.node to be an integer in [0, 7], got 8",
  ],
  [
    fault({ target: { kind: "role", role: "king" } }),
    'f: need faults[0].what.target.role to be one of "replica", "client", got "king"',
  ],
  [
    fault({ target: { kind: "role", role: "client", region: "south" } }),
    'f: need faults[0].what.target.region to be one with nodes of role "client", got "south"',
  ],
  [
    fault({ target: { kind: "region", region: "east" } }),
    'f: need faults[0].what.target.region to be one of "north", "south", "west"',
  ],
  [
    fault({ target: { kind: "random", of: { kind: "all" }, count: 9 } }),
    "f: need faults[0].what.target.count to be an integer in [1, 8], got 9",
  ],
  [
    fault({ target: { kind: "groupShare", groups: "racks", share: 1 } }),
    'f: need faults[0].what.target.groups to be "regions" or a list of sets of nodes, got "racks"',
  ],
  [
    fault({ target: { kind: "groupShare", groups: "regions", share: 0 } }),
    "f: need faults[0].what.target.share to be a number in (0, 1], got 0",
  ],
  [
    fault({ target: { kind: "leader", partition: -1 } }),
    "f: need faults[0].what.target.partition to be an integer >= 0",
  ],
  [
    fault({ target: { kind: "self" } }),
    'f: need faults[0].when.kind to be "observed", since a target is "self", got "at"',
  ],
  [
    fault({ kind: "slow", factor: 0 }),
    "f: need faults[0].what.factor to be a number in (0, Infinity), got 0",
  ],
  [
    links({ kind: "split", groups: [[{ kind: "all" }]] }),
    "f: need faults[0].what.links.groups to be a list of two groups or more",
  ],
  [
    links({ kind: "oneWay", from: [], to: [] }),
    "f: need faults[0].what.links.from to be a list that is not empty, got []",
  ],
  [
    {
      faults: [
        {
          when,
          what: {
            kind: "cut",
            lastsMs: 1,
            links: { kind: "isolate", nodes: [{ kind: "leader" }] },
            flapping: { periodMs: 5, cutShare: 1 },
          },
        },
      ],
    },
    "f: need faults[0].what.flapping.cutShare to be a number in (0, 1), got 1",
  ],
  [
    {
      faults: [
        { when, what: { kind: "clockJump", target: what.target, byMs: { minMs: 2, maxMs: 1 } } },
      ],
    },
    "f: need faults[0].what.byMs.maxMs to be a number in [2, Infinity) ms, got 1",
  ],
  [fault({}, { kind: "at", atMs: [1, -1] }), "f: need faults[0].when.atMs[1] to be a duration"],
  [fault({}, { kind: "every", everyMs: 0 }), "f: need faults[0].when.everyMs to be a duration"],
  [fault({}, { kind: "every", everyMs: 5, until: 3 }), 'got "until"'],
  [
    fault({}, { kind: "random", gapMs: { kind: "constant", valueMs: 0 } }),
    "f: need faults[0].when.gapMs to be more than 0 ms on average",
  ],
  [
    fault(
      { target: { kind: "leader" } },
      { kind: "bursts", gapMs: 5, sizeWeights: [1], windowMs: 1 },
    ),
    "f: need faults[0].what.target to be a set of nodes, of which bursts hit some",
  ],
  [
    fault({}, { kind: "bursts", gapMs: 5, sizeWeights: [0], windowMs: 1 }),
    "f: need faults[0].when.sizeWeights to be weights of which one is positive, got [0]",
  ],
  [
    fault({}, { kind: "observed", observation: "x", occurrence: 0 }),
    "f: need faults[0].when.occurrence to be an integer >= 1, got 0",
  ],
];

test.each(wrong)("refuses %j", (value, message) => {
  expect(() => check(value)).toThrow(RangeError);
  expect(() => check(value)).toThrow(message);
});

test("gives back what is right", () => {
  const schedule = fault({}, { kind: "observed", observation: "x", occurrence: 1 });
  expect(check(schedule)).toBe(schedule);
});

test("a published duration is that of its name", () => {
  const run = (lastsMs: object) => {
    const target = { kind: "node", node: "r0" } as const;
    const fault = { what: { kind: "crash", target, lastsMs }, when: { kind: "at", atMs: 5 } };
    return strikes(needFaults("f", { faults: [fault] }, sixReplicas), { durationMs: 1e9 });
  };
  const named = run({ kind: "published", name: "chubby" });
  expect(named).toEqual(run(partitionDurations.chubby));
  expect(named).toHaveLength(2);
});
