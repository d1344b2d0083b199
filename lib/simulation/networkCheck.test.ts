import { expect, test } from "vitest";
import { Network, needNetwork } from "./network.ts";

const constant = { kind: "constant", valueMs: 1 };
const matrix = { kind: "oneWays", regions: ["a", "b"] };
const oneWayMs = [
  [0, 1],
  [1, 0],
];

const wrong: [string, unknown, string][] = [
  ["no object", 5, "network to be an object, got 5"],
  ["no latency", {}, "latency to be an object, got undefined"],
  ["a stray field", { latency: constant, lost: 1 }, "fields of network to be among latency, loss"],
  [
    "a family misspelt",
    { latency: { kind: "exp" } },
    "latency to be a time or a distribution of times (distributionFr",
  ],
  ["a negative latency", { latency: { kind: "uniform", minMs: -1, maxMs: 1 } }, "latency to be a"],
  ["regions twice", { latency: { ...matrix, regions: ["a", "a"], oneWayMs } }, "latency.regions"],
  ["a short row", { latency: { ...matrix, oneWayMs: [[0, 1], [1]] } }, "latency.oneWayMs[1] to be"],
  [
    "a negative entry",
    {
      latency: {
        ...matrix,
        oneWayMs: [
          [0, -1],
          [1, 0],
        ],
      },
    },
    "latency.oneWayMs[0][1]",
  ],
  ["the other matrix", { latency: { ...matrix, roundTripMs: oneWayMs } }, "fields of latency"],
  [
    "a jitter without kind",
    { latency: { ...matrix, oneWayMs, jitter: { distribution: constant } } },
    'latency.jitter.kind to be one of "factor", "added"',
  ],
  [
    "a wrong jitter",
    { latency: { ...matrix, oneWayMs, jitter: { kind: "added", distribution: 7 } } },
    "latency.jitter.distribution to be an object, got 7",
  ],
  [
    "a wrong latency within regions",
    { latency: { ...matrix, oneWayMs, withinRegion: 7 } },
    "latency.withinRegion to be an object, got 7",
  ],
  [
    "a probability above 1",
    { latency: constant, loss: { kind: "independent", probability: 1.5 } },
    "loss.probability to be a number in [0, 1], got 1.5",
  ],
  [
    "bursts that never end",
    {
      latency: constant,
      loss: {
        ...{ kind: "bursts", enterProbability: 0.1, leaveProbability: 0 },
        ...{ lossWhenGood: 0, lossWhenBad: 1 },
      },
    },
    "loss.leaveProbability to be a number in (0, 1], got 0",
  ],
  ["too many copies", { latency: constant, duplicateProbability: 2 }, "duplicateProbability"],
  [
    "a stream without timeout",
    { latency: constant, transport: { kind: "stream" } },
    "transport.retransmitMs to be a number in (0, Infinity) ms, got undefined",
  ],
  [
    "timeouts that shrink",
    {
      latency: constant,
      transport: { kind: "stream", retransmitMs: 10, retransmitMsMax: 5, giveUpMs: 1 },
    },
    "transport.retransmitMsMax to be a number in [10, Infinity) ms, got 5",
  ],
  [
    "copies on a stream",
    {
      ...{ latency: constant, duplicateProbability: 0.1 },
      transport: { kind: "stream", retransmitMs: 1, retransmitMsMax: 5, giveUpMs: 100 },
    },
    'transport.kind to be "datagram" where messages are duplicated',
  ],
  [
    "no speed",
    { latency: constant, bandwidth: { kind: "link", bytesPerMs: 0 } },
    "bandwidth.bytesPerMs to be a number in (0, Infinity) bytes/ms, got 0",
  ],
  [
    "a link with a speed, where speed is of senders",
    {
      ...{ latency: constant, bandwidth: { kind: "sender", bytesPerMs: 9 } },
      links: [{ bytesPerMs: 8 }],
    },
    'bandwidth.kind to be "link"',
  ],
  ["no links", { latency: constant, links: [] }, "links to be a list that is not empty"],
  ["a link of a half node", { latency: constant, links: [{ from: 0.5 }] }, "links[0].from"],
  [
    "a link of nothing",
    { latency: constant, links: [{ to: null }] },
    "links[0].to to be the index",
  ],
  ["a strange speed", { latency: constant, links: [{ bytesPerMs: "1" }] }, "links[0].bytesPerMs"],
  ["a stray field of a link", { latency: constant, links: [{ via: 1 }] }, "fields of links[0]"],
  ["a scope unknown", { latency: constant, links: [{ scope: "world" }] }, "links[0].scope"],
  ["a wrong latency of a link", { latency: constant, links: [{}, { latency: 3 }] }, "links[1].lat"],
  ["a wrong loss of a link", { latency: constant, links: [{ loss: {} }] }, "links[0].loss.kind"],
];

test.each(wrong)("%s is refused by name", (_, spec, message) => {
  expect(() => needNetwork("f", spec)).toThrow(RangeError);
  expect(() => needNetwork("f", spec)).toThrow(`f: need ${message}`);
});

test("a spec has to fit the nodes", () => {
  const latency = { ...matrix, oneWayMs };
  const network = (spec: object) => new Network({ latency: constant, ...spec }, ["a", "x"]);
  expect(() => network({ latency })).toThrow('region of node 1 to be one of "a", "b", got "x"');
  expect(() => network({ links: [{ from: 2 }] })).toThrow(
    "links[0].from to be a node below 2, got 2",
  );
  expect(() => network({ links: [{ to: "y" }] })).toThrow(
    'links[0].to to be one of "a", "x", got "y"',
  );
});

test("a network survives the way through JSON", () => {
  const spec = {
    latency: {
      ...{ ...matrix, oneWayMs },
      jitter: { kind: "factor", distribution: { kind: "logNormal", medianMs: 1, sigma: 0.2 } },
    },
    links: [
      { from: "a", to: 1, scope: "betweenRegions", loss: { kind: "independent", probability: 1 } },
    ],
  };
  expect(needNetwork("f", JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});
