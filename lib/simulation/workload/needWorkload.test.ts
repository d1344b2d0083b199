import { expect, test } from "vitest";
import { keyValueNodes } from "../../../test/support/keyValueWorld.ts";
import { needWorkload } from "./needWorkload.ts";
import type { WorkloadSpec } from "./workloadSpec.ts";

const rate = { kind: "total", perS: 10 } as const;
const good: WorkloadSpec = {
  clients: [{ nodes: { kind: "role", role: "client" } }],
  sessions: { perClient: 1 },
  arrivals: { kind: "poisson", rate },
  mix: { read: 1 },
  keys: { kind: "uniform", count: 10 },
};
const check = (value: unknown) => needWorkload("f", value, keyValueNodes(2));

const closed = { kind: "closed", thinkMs: 1 };
const bursts = { factor: 0.5, calmMs: 1, burstMs: 1, scope: "together" };
const conversations = { writeShare: 1, readShare: 1, distance: 10, delayMs: 0 };
const oneClient = { nodes: { kind: "node", node: "c0" } };

const wrong: readonly (readonly [object, string])[] = [
  [{ rate: 3 }, "f: need fields of the workload to be among name, clients, sessions, arrivals"],
  [{ name: "" }, 'f: need name to be a text that is not empty, got ""'],
  [{ clients: [] }, "f: need clients to be a list that is not empty, got []"],
  [
    { clients: [{ ...oneClient, share: 0 }] },
    "f: need clients[0].share to be a number in (0, Infinity), got 0",
  ],
  [
    { clients: [oneClient, ...good.clients] },
    'f: need clients[1].nodes to be in no other group, got "c0"',
  ],
  [
    { clients: [{ nodes: { kind: "node", node: "x" } }] },
    "f: need clients[0].nodes.node to be a number or a name",
  ],
  [
    { clients: [{ ...oneClient, share: 2 }], arrivals: closed },
    "f: need clients[0].share to be absent, since the workload is closed, got 2",
  ],
  [
    { sessions: {} },
    "f: need sessions.perClient to be an integer in [1, 2147483648], got undefined",
  ],
  [
    { sessions: { perClient: 1, devices: 0 } },
    "f: need sessions.devices to be an integer in [1, 2147483648], got 0",
  ],
  [
    { sessions: { perClient: 1, deviceSites: "x" } },
    'f: need sessions.deviceSites to be one of "home", "spread", got "x"',
  ],
  [
    { arrivals: { kind: "open" } },
    'f: need arrivals.kind to be one of "poisson", "constant", "trace", "closed"',
  ],
  [{ arrivals: { kind: "poisson", rate: 5 } }, "f: need arrivals.rate to be an object, got 5"],
  [
    { arrivals: { kind: "poisson", rate: { ...rate, perS: 0 } } },
    "f: need arrivals.rate.perS to be a number in (0, Infinity), got 0",
  ],
  [
    { arrivals: { kind: "poisson", rate: { ...rate, kind: "each" } } },
    'f: need arrivals.rate.kind to be one of "perClient", "total", got "each"',
  ],
  [
    { arrivals: { kind: "poisson", rate, bursts } },
    "f: need arrivals.bursts.factor to be a number in [1, Infinity), got 0.5",
  ],
  [
    { arrivals: { kind: "constant", rate, daily: { periodMs: 1, amplitude: 2, peakAtMs: 0 } } },
    "f: need arrivals.daily.amplitude to be a number in [0, 1], got 2",
  ],
  [
    { arrivals: { kind: "trace", timesMs: [1, 3, 2] } },
    "f: need arrivals.timesMs[2] to be >= the one before, 3, got 2",
  ],
  [
    { arrivals: { kind: "trace", timesMs: [1], rate } },
    'f: need fields of arrivals to be among kind, timesMs, got "rate"',
  ],
  [{ arrivals: { kind: "closed", thinkMs: -1 } }, "f: need arrivals.thinkMs to be a duration"],
  [{ mix: {} }, "f: need mix to be weights of which one is positive, got {}"],
  [{ mix: { read: -1 } }, "f: need mix.read to be a number in [0, Infinity), got -1"],
  [{ mix: { scan: 1 } }, 'f: need fields of mix to be among read, write, insert, got "scan"'],
  [{ keys: { kind: "uniform", count: 0 } }, "f: need keys.count to be an integer"],
  [
    { readAfterWrite: { share: 2, delayMs: 0, device: "same" } },
    "f: need readAfterWrite.share to be a number in [0, 1], got 2",
  ],
  [
    { readAfterWrite: { share: 1, delayMs: 0, device: "next" } },
    'f: need readAfterWrite.device to be "same", since sessions have one device, got "next"',
  ],
  [{ conversations }, "f: need conversations.distance to be an integer in [1, 9], got 10"],
  [
    { conversations: { ...conversations, distance: 1, delayMs: "soon" } },
    "f: need conversations.delayMs to be a duration",
  ],
  [{ startAtMs: -1 }, "f: need startAtMs to be a duration"],
  [{ stopAtMs: "never" }, "f: need stopAtMs to be a duration"],
  [{ giveUpAfterMs: 0 }, "f: need giveUpAfterMs to be a duration"],
];

test.each(wrong)("refuses %j", (change, message) => {
  expect(() => check({ ...good, ...change })).toThrow(RangeError);
  expect(() => check({ ...good, ...change })).toThrow(message);
});

test("gives back what is right", () => {
  expect(check(good)).toBe(good);
  const full = {
    ...{ ...good, name: "users", startAtMs: "1 s", stopAtMs: "1 min", giveUpAfterMs: "10 s" },
    sessions: { perClient: 2, devices: 2, deviceSites: "spread", firstNumber: 5 },
    readAfterWrite: { share: 1, delayMs: { kind: "exponential", meanMs: 3 }, device: "next" },
    conversations: { ...conversations, distance: 9 },
  };
  expect(check(full)).toBe(full);
});
