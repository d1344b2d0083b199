import { expect, test } from "vitest";
import { distributionFromJson } from "../core/distributions/registry.ts";
import { loadRoundTrips } from "../notebook/datasetRoundTrips.ts";
import { Network, type NetworkSpec } from "./network.ts";

const exponential = { kind: "exponential", meanMs: 5 };
const links5 = Array.from({ length: 25 }, (_, link) => [Math.floor(link / 5), link % 5] as const);

/** Delays of messages on one link; `Infinity` for those lost. */
function delaysOf(
  network: Network,
  [from, to]: readonly [number, number],
  count: number,
): number[] {
  return Array.from({ length: count }, () => network.arrivalMs(from, to, 0, 0));
}

function networkOf(spec: Partial<NetworkSpec>, regions = ["a", "a", "a", "a", "a"]): Network {
  const network = new Network({ latency: exponential, ...spec }, regions);
  network.reset(1);
  return network;
}

/** Kolmogorov's distance to a distribution times sqrt(n); above 2.2 with probability 1.3e-4. */
function distanceOf(values: readonly number[], spec: { kind: string }): number {
  const distribution = distributionFromJson(spec);
  const sorted = Float64Array.from(values).sort();
  const gaps = sorted.map((x, i) =>
    Math.max(
      (i + 1) / sorted.length - distribution.cdf(x),
      distribution.cdf(x) - i / sorted.length,
    ),
  );
  return Math.sqrt(sorted.length) * gaps.reduce((a, b) => Math.max(a, b), 0);
}

// 20,000 messages on each of 20 links.
test("latencies follow the distribution, on each link; a node reaches itself at once", () => {
  const network = networkOf({});
  for (const link of links5) {
    const delays = delaysOf(network, link, 20_000);
    if (link[0] === link[1]) expect(new Set(delays)).toEqual(new Set([0]));
    else expect(distanceOf(delays, exponential)).toBeLessThan(2.2);
  }
});

const regions = ["a", "b", "a"];
const roundTripMs = [
  [1, 20],
  [24, 2],
];
const byRegion = { kind: "roundTrips", regions: ["a", "b"], roundTripMs } as const;

test("a direction takes half of its round trip, or the one-way delay; a region its diagonal", () => {
  const halves = networkOf({ latency: byRegion }, regions);
  const at = (from: number, to: number) => delaysOf(halves, [from, to], 2);
  expect(at(0, 1)).toEqual([10, 10]);
  expect(at(1, 2)).toEqual([12, 12]);
  expect(at(0, 2)).toEqual([0.5, 0.5]);
  expect(at(0, 0)).toEqual([0, 0]);
  const oneWays = { kind: "oneWays", regions: ["a", "b"], oneWayMs: roundTripMs } as const;
  expect(delaysOf(networkOf({ latency: oneWays }, regions), [0, 1], 2)).toEqual([20, 20]);
});

test("measured round trips are taken as they come", () => {
  const { regions, roundTripMs } = loadRoundTrips("gcp-2019");
  const latency = { kind: "roundTrips", regions, roundTripMs } as const;
  const network = networkOf({ latency }, ["us-east1", "europe-west1", "us-east1"]);
  const { avgMs } = loadRoundTrips("gcp-2019").roundTrip("europe-west1", "us-east1");
  expect(network.arrivalMs(1, 0, 0, 0)).toBe(avgMs / 2);
  expect(network.arrivalMs(0, 2, 0, 0)).toBeLessThan(1);
});

// 20,000 messages each.
test("jitter multiplies the matrix or adds to it; within a region another distribution holds", () => {
  const distribution = { kind: "gamma", shape: 4, scaleMs: 0.25 };
  const withinRegion = { kind: "uniform", minMs: 1, maxMs: 2 };
  const jittered = (kind: "factor" | "added") =>
    networkOf({ latency: { ...byRegion, withinRegion, jitter: { kind, distribution } } }, regions);
  const factor = delaysOf(jittered("factor"), [0, 1], 20_000);
  expect(distanceOf(factor, { kind: "gamma", shape: 4, scaleMs: 2.5 } as never)).toBeLessThan(2.2);
  const added = delaysOf(jittered("added"), [0, 1], 20_000).map((ms) => ms - 10);
  expect(distanceOf(added, distribution)).toBeLessThan(2.2);
  expect(distanceOf(delaysOf(jittered("added"), [0, 2], 20_000), withinRegion)).toBeLessThan(2.2);
});

test("links may differ, by node, region or whether they leave one; the last word counts", () => {
  const constant = (valueMs: number) => ({ kind: "constant", valueMs });
  const network = networkOf(
    {
      latency: constant(1),
      links: [
        { scope: "betweenRegions", latency: constant(2) },
        { from: "b", latency: constant(3) },
        { from: 1, to: 2, latency: constant(4) },
        { to: 2, scope: "withinRegion", latency: constant(5) },
      ],
    },
    ["a", "b", "a", "b"],
  );
  const at = (from: number, to: number) => network.arrivalMs(from, to, 0, 0);
  expect([at(0, 1), at(1, 0), at(1, 2), at(3, 2), at(0, 2), at(2, 0)]).toEqual([2, 3, 4, 3, 5, 1]);
});

test("another run of the same seed is the same; another seed is another run", () => {
  const spec = {
    loss: { kind: "independent", probability: 0.1 },
    duplicateProbability: 0.2,
    bandwidth: { kind: "sender", bytesPerMs: 10 },
  } as const;
  const network = networkOf(spec);
  const run = (seed: number) => {
    network.reset(seed);
    return links5.map(([from, to], i) => {
      if (i === 12) network.stretch(3);
      if (i === 14) network.cut(2, 3);
      return [network.arrivalMs(from, to, i, 5), network.duplicateMs()];
    });
  };
  const first = run(1);
  expect(run(2)).not.toEqual(first);
  expect(run(1)).toEqual(first);
});

test("a raised loss on one link leaves the delays of all delivered messages alone", () => {
  const delays = (probability: number) => {
    const loss = { kind: "independent", probability } as const;
    const network = networkOf({ links: [{ from: 1, to: 2, loss }] });
    return links5.map((link) => delaysOf(network, link, 300));
  };
  const [none, some, more] = [delays(0), delays(0.1), delays(0.3)];
  for (const [link, before] of none.entries()) {
    if (link !== 7) expect(more[link]).toEqual(before);
  }
  const lost = (all: number[][]) => all[7]!.flatMap((ms, i) => (ms === Infinity ? [i] : []));
  for (const all of [some, more]) {
    expect(all[7]!.map((ms, i) => (ms === Infinity ? none[7]![i] : ms))).toEqual(none[7]);
  }
  // What is lost at 10 % is lost at 30 % too.
  expect(lost(more)).toEqual(expect.arrayContaining(lost(some)));
  expect(lost(more).length).toBeGreaterThan(lost(some).length);
});

test("a changed scale of latency keeps the draws", () => {
  const delays = (meanMs: number) =>
    delaysOf(networkOf({ latency: { kind: "exponential", meanMs } }), [0, 1], 2000);
  const [base, double] = [delays(5), delays(10)];
  // Both tables are within 2^-24 of the level, relative, and x(s) = -m ln s.
  for (const [i, ms] of base.entries()) expect(Math.abs(double[i]! - 2 * ms)).toBeLessThan(1e-5);
});

// 200,000 messages: the share of copies within 4 sqrt(p q / n), their delays as those of the first.
test("copies come as often as said, each with a delay of its own", () => {
  const network = networkOf({ duplicateProbability: 0.1 });
  const delays: number[] = [];
  const pairs: number[] = [];
  const count = 200_000;
  for (let i = 0; i < count; i++) {
    const ms = network.arrivalMs(0, 1, 0, 0);
    const copyMs = network.duplicateMs();
    if (copyMs === Infinity) continue;
    delays.push(copyMs);
    pairs.push((ms - 5) * (copyMs - 5));
  }
  expect(Math.abs(delays.length / count - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / count));
  expect(distanceOf(delays, exponential)).toBeLessThan(2.2);
  // Independent: the product of two centred delays has mean 0 and standard deviation 25.
  const mean = pairs.reduce((a, b) => a + b, 0) / pairs.length;
  expect(Math.abs(mean)).toBeLessThan((4 * 25) / Math.sqrt(pairs.length));
});

test("copies take nothing from the draws of the messages themselves", () => {
  const delays = delaysOf(networkOf({}), [0, 1], 100);
  expect(delaysOf(networkOf({ duplicateProbability: 0.5 }), [0, 1], 100)).toEqual(delays);
});

test("links draw on their own: two have nothing in common", () => {
  const network = networkOf({});
  const [there, back] = [delaysOf(network, [0, 1], 5), delaysOf(network, [1, 0], 5)];
  expect(there.filter((ms) => back.includes(ms))).toEqual([]);
});

test("a lost message has no copy", () => {
  const loss = { kind: "independent", probability: 0.5 } as const;
  const network = networkOf({ loss, duplicateProbability: 1 });
  for (let i = 0; i < 100; i++) {
    const isLost = network.arrivalMs(0, 1, 0, 0) === Infinity;
    expect(network.duplicateMs() === Infinity).toBe(isLost);
  }
});

test("a cut stops what is sent, one way, until each cut is healed; what is under way arrives", () => {
  const network = networkOf({ latency: { kind: "constant", valueMs: 5 } });
  // The answer is given when the message is sent, and stands.
  expect(network.arrivalMs(0, 1, 0, 0)).toBe(5);
  network.cut(0, 1);
  network.cut(0, 1);
  expect(network.isCut(0, 1)).toBe(true);
  expect(network.arrivalMs(0, 1, 1, 0)).toBe(Infinity);
  expect(network.arrivalMs(1, 0, 1, 0)).toBe(6);
  expect(network.arrivalMs(0, 2, 1, 0)).toBe(6);
  network.heal(0, 1);
  expect(network.arrivalMs(0, 1, 2, 0)).toBe(Infinity);
  network.heal(0, 1);
  expect(network.isCut(0, 1)).toBe(false);
  expect(network.arrivalMs(0, 1, 3, 0)).toBe(8);
});

test("messages sent into a cut take their draws: the next ones keep theirs", () => {
  const loss = { kind: "independent", probability: 0.3 } as const;
  const whole = delaysOf(networkOf({ loss }), [0, 1], 20);
  const network = networkOf({ loss });
  network.cut(0, 1);
  expect(delaysOf(network, [0, 1], 10)).toEqual(new Array(10).fill(Infinity));
  network.heal(0, 1);
  expect(delaysOf(network, [0, 1], 10)).toEqual(whole.slice(10));
});

test("a stretch multiplies delays and times of sending until the next", () => {
  const network = networkOf({
    ...{ latency: { kind: "constant", valueMs: 5 }, duplicateProbability: 1 },
    bandwidth: { kind: "link", bytesPerMs: 10 },
  });
  network.stretch(3);
  expect(network.arrivalMs(0, 1, 0, 20)).toBe(3 * (2 + 5));
  expect(network.duplicateMs()).toBe(3 * (2 + 5));
  network.stretch(1);
  expect(network.arrivalMs(0, 2, 0, 20)).toBe(2 + 5);
  const simple = networkOf({ latency: { kind: "constant", valueMs: 5 } });
  simple.stretch(3);
  expect(simple.arrivalMs(0, 1, 0, 20)).toBe(15);
  simple.reset(1);
  expect(simple.arrivalMs(0, 1, 0, 20)).toBe(5);
});
