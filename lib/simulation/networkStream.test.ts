import { expect, test } from "vitest";
import { randomStream } from "../core/random.ts";
import { linuxStream, Network, type NetworkSpec, type StreamSpec } from "./network.ts";
import { backoffMs } from "./networkStream.ts";

const stream: StreamSpec = { kind: "stream", retransmitMs: 10, retransmitMsMax: 40, giveUpMs: 200 };
const constant = { kind: "constant", valueMs: 1 };
const exponential = { kind: "exponential", meanMs: 5 };

function networkOf(spec: Partial<NetworkSpec>): Network {
  const network = new Network({ latency: constant, transport: stream, ...spec }, ["a", "a", "a"]);
  network.reset(1);
  return network;
}

/** What a run loop does for a stream: calls `attempt` when asked to, delivers what comes out. */
class Driver {
  readonly arrivalsMs: Record<string, number> = {};
  private tries: { from: number; to: number; atMs: number }[] = [];
  readonly network: Network;

  constructor(network: Network) {
    this.network = network;
  }

  send(from: number, to: number, nowMs: number, message: string, sizeBytes = 0): void {
    this.runTo(nowMs);
    const arrivalMs = this.network.arrivalMs(from, to, nowMs, sizeBytes);
    if (!Number.isNaN(arrivalMs)) this.arrivalsMs[message] = arrivalMs;
    else this.plan(from, to, this.network.hold(from, to, message));
  }

  runTo(nowMs: number): void {
    for (;;) {
      const next = this.tries.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > nowMs) return;
      this.tries.shift();
      const { released, nextMs } = this.network.attempt(next.from, next.to, next.atMs);
      for (const { message, arrivalMs } of released) this.arrivalsMs[`${message}`] = arrivalMs;
      this.plan(next.from, next.to, nextMs);
    }
  }

  private plan(from: number, to: number, atMs: number): void {
    if (atMs !== Infinity) this.tries.push({ from, to, atMs });
  }
}

test("timeouts double up to the largest; those of Linux come to 924.6 s", () => {
  const sums = [0, 1, 2, 3, 4, 5].map((timeouts) => backoffMs(stream, timeouts));
  expect(sums).toEqual([0, 10, 30, 70, 110, 150]);
  // ip-sysctl: 15 retries, "hypothetical timeout of 924.6 seconds"; the 16th timeout ends it.
  expect(backoffMs(linuxStream, 16)).toBeCloseTo(924_600, 6);
});

test("a message never arrives before an earlier one: arrivals are the latest of datagrams so far", () => {
  const loss = { kind: "independent", probability: 0 } as const;
  const [ordered, free] = [
    networkOf({ latency: exponential, loss }),
    networkOf({ latency: exponential, loss, transport: { kind: "datagram" } }),
  ];
  let latestMs = 0;
  let overtaken = 0;
  for (let i = 0; i < 20_000; i++) {
    const freeMs = free.arrivalMs(0, 1, i, 0);
    if (freeMs < latestMs) overtaken++;
    latestMs = Math.max(latestMs, freeMs);
    expect(ordered.arrivalMs(0, 1, i, 0)).toBe(latestMs);
    // The way back has an order of its own.
    if (i % 100 === 0) expect(ordered.arrivalMs(1, 0, i, 0)).toBeLessThan(i + 500);
  }
  expect(overtaken).toBeGreaterThan(10_000);
});

// 200,000 messages, none in the way of another. With p the share lost and timeouts that double without
// end, E[2^L] = q / (1 - 2 p) and E[4^L] = q / (1 - 4 p) give mean and variance of R (2^L - 1).
test("losses cost timeouts: R p / (1 - 2 p) on average", () => {
  const p = 0.1;
  const network = networkOf({
    loss: { kind: "independent", probability: p },
    transport: { ...stream, retransmitMsMax: 1e9, giveUpMs: Infinity },
  });
  const count = 200_000;
  let sumMs = 0;
  for (let i = 0; i < count; i++) sumMs += network.arrivalMs(0, 1, 1e6 * i, 0) - 1e6 * i - 1;
  const [mean2, mean4] = [(1 - p) / (1 - 2 * p), (1 - p) / (1 - 4 * p)];
  const error = 10 * Math.sqrt((mean4 - mean2 ** 2) / count);
  expect(Math.abs(sumMs / count - (10 * p) / (1 - 2 * p))).toBeLessThan(4 * error);
});

test("raising the loss delays messages, and changes no other draw", () => {
  const arrivals = (probability: number) => {
    const loss = { kind: "independent", probability } as const;
    const patient = { ...stream, giveUpMs: Infinity };
    const network = networkOf({ latency: exponential, loss, transport: patient });
    return Array.from({ length: 500 }, (_, i) => network.arrivalMs(0, 1, 1e4 * i, 0) - 1e4 * i);
  };
  const [none, some] = [arrivals(0), arrivals(0.3)];
  // Sent 10 s apart, each is late by its own timeouts only: sums of 10, 20, 40, 40, ...
  for (const [i, ms] of some.entries()) {
    const lateMs = ms - none[i]!;
    const timeouts = lateMs < 60 ? Math.log2(lateMs / 10 + 1) : (lateMs - 70) / 40;
    expect(Math.abs(timeouts - Math.round(timeouts))).toBeLessThan(1e-6);
  }
  expect(some).not.toEqual(none);
});

test("messages sent into a cut arrive after the first try that finds it healed, in order", () => {
  const driver = new Driver(networkOf({}));
  driver.network.cut(0, 1);
  driver.send(0, 1, 100, "first");
  driver.send(0, 1, 120, "second");
  driver.send(1, 0, 120, "back");
  // Tries at 110, 130, 170, 210, ...; healed at 140.
  driver.runTo(140);
  driver.network.heal(0, 1);
  driver.send(0, 1, 150, "third");
  driver.runTo(169.9);
  expect(driver.arrivalsMs).toEqual({ back: 121 });
  driver.runTo(170);
  expect(driver.arrivalsMs).toEqual({ back: 121, first: 171, second: 171, third: 171 });
  driver.send(0, 1, 180, "fourth");
  expect(driver.arrivalsMs.fourth).toBe(181);
});

test("a link that flaps between the tries gets nothing through", () => {
  const driver = new Driver(networkOf({}));
  driver.network.cut(0, 1);
  driver.send(0, 1, 0, "x");
  for (const [fromMs, toMs] of [
    [11, 29],
    [31, 69],
    [71, 109],
  ] as const) {
    driver.runTo(fromMs);
    driver.network.heal(0, 1);
    driver.runTo(toMs);
    driver.network.cut(0, 1);
  }
  driver.runTo(120);
  expect(driver.arrivalsMs).toEqual({});
  driver.network.heal(0, 1);
  driver.runTo(150);
  expect(driver.arrivalsMs).toEqual({ x: 151 });
});

test("a connection without success for giveUpMs breaks; the next message opens a new one", () => {
  const driver = new Driver(networkOf({}));
  driver.network.cut(0, 1);
  driver.send(0, 1, 0, "first");
  driver.send(0, 1, 190, "second");
  driver.runTo(199.9);
  expect(driver.arrivalsMs).toEqual({});
  driver.send(0, 1, 200, "third");
  expect(driver.arrivalsMs).toEqual({ first: Infinity, second: Infinity });
  // Tries of the new connection at 210, 230, ...
  driver.runTo(211);
  driver.network.heal(0, 1);
  driver.runTo(1000);
  expect(driver.arrivalsMs).toEqual({ first: Infinity, second: Infinity, third: 231 });
});

test("a message whose own losses take longer than giveUpMs breaks the connection too", () => {
  const loss = { kind: "independent", probability: 1 } as const;
  const network = networkOf({ links: [{ from: 0, to: 1, loss }] });
  expect(network.arrivalMs(0, 1, 0, 0)).toBe(Infinity);
  expect(network.arrivalMs(1, 0, 0, 0)).toBe(1);
});

test("what is sent until a connection breaks is lost with it", () => {
  const loss = { kind: "independent", probability: 0.02 } as const;
  // Whoever waits no longer than 5 ms gives up at the first loss, and breaks for 5 ms.
  const network = networkOf({ loss, transport: { ...stream, giveUpMs: 5 } });
  const isLost = Array.from({ length: 2000 }, (_, i) => network.arrivalMs(0, 1, i, 0) === Infinity);
  const starts = isLost.flatMap((lost, i) => (lost && !isLost[i - 1] ? [i] : []));
  expect(starts.length).toBeGreaterThan(10);
  for (const start of starts) {
    if (start + 6 < 2000) expect(isLost.slice(start, start + 6)).not.toContain(false);
  }
  expect(isLost.filter((lost) => lost).length).toBeLessThan(starts.length * 6 * 2);
});

test("a new run begins with new connections", () => {
  const network = networkOf({ latency: exponential });
  const first = network.arrivalMs(0, 1, 0, 0);
  network.arrivalMs(0, 1, 1000, 0);
  network.cut(0, 1);
  expect(network.arrivalMs(0, 1, 1000, 0)).toBeNaN();
  network.hold(0, 1, "x");
  network.reset(1);
  expect(network.arrivalMs(0, 1, 0, 0)).toBe(first);
});

test("a crash breaks the connections of a node: what they hold is lost, tries are void", () => {
  const driver = new Driver(networkOf({}));
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [1, 2],
  ] as const) {
    driver.network.cut(from, to);
    driver.send(from, to, 0, `${from} to ${to}`);
    driver.network.heal(from, to);
  }
  driver.network.disconnect(0);
  driver.runTo(1000);
  expect(driver.arrivalsMs).toEqual({ "1 to 2": 11 });
  driver.send(0, 1, 1000, "again");
  expect(driver.arrivalsMs.again).toBe(1001);
});

test("a try planned for a connection that broke is not one of the next connection", () => {
  const driver = new Driver(networkOf({}));
  driver.network.cut(0, 1);
  driver.send(0, 1, 0, "old");
  driver.network.disconnect(0);
  driver.send(0, 1, 5, "new");
  driver.network.heal(0, 1);
  driver.runTo(14);
  expect(driver.arrivalsMs).toEqual({});
  driver.runTo(15);
  expect(driver.arrivalsMs).toEqual({ new: 16 });
});

test("held messages take their turns in sending after the cut", () => {
  const driver = new Driver(networkOf({ bandwidth: { kind: "link", bytesPerMs: 10 } }));
  driver.network.cut(0, 1);
  for (const message of ["a", "b", "c"]) driver.send(0, 1, 0, message, 20);
  driver.network.heal(0, 1);
  driver.runTo(10);
  expect(driver.arrivalsMs).toEqual({ a: 13, b: 15, c: 17 });
});

/** The obvious version: every message tries for itself by the timeouts of the first one held. */
function slowArrivals(sentMs: readonly number[], isCut: (atMs: number) => boolean): number[] {
  const tries = [10, 30, 70, 110, 150, 190, 200];
  const arrivals: number[] = [];
  for (let i = 0; i < sentMs.length; ) {
    const startMs = sentMs[i]!;
    if (!isCut(startMs)) {
      arrivals[i++] = startMs + 1;
      continue;
    }
    const tryMs = tries.map((ms) => startMs + ms).find((atMs) => !isCut(atMs));
    const endMs = tryMs ?? startMs + 200;
    // A message sent at the very moment of the try is in time only if it was sent before it.
    while (i < sentMs.length && sentMs[i]! < endMs) {
      arrivals[i++] = tryMs === undefined ? Infinity : tryMs + 1;
    }
  }
  return arrivals;
}

// 2,000 random histories of 12 messages and 6 cuts.
test("arrivals are those of the obvious version", () => {
  const random = randomStream({ seed: 9, purpose: "histories" });
  const times = (count: number, rangeMs: number) =>
    Array.from({ length: count }, () => random.nextUniform() * rangeMs).sort((a, b) => a - b);
  for (let history = 0; history < 2000; history++) {
    const toggles = times(12, history % 2 === 0 ? 300 : 3000);
    const sent = times(12, 600);
    const driver = new Driver(networkOf({}));
    const events = [
      ...toggles.map((atMs, i) => ({ atMs, message: "", cut: i % 2 === 0 })),
      ...sent.map((atMs, i) => ({ atMs, message: `${i}`, cut: false })),
    ].sort((a, b) => a.atMs - b.atMs);
    for (const { atMs, message, cut } of events) {
      driver.runTo(atMs);
      if (message !== "") driver.send(0, 1, atMs, message);
      else if (cut) driver.network.cut(0, 1);
      else driver.network.heal(0, 1);
    }
    driver.runTo(10_000);
    const isCut = (atMs: number) => toggles.filter((toggle) => toggle <= atMs).length % 2 === 1;
    expect(sent.map((_, i) => driver.arrivalsMs[i])).toEqual(slowArrivals(sent, isCut));
  }
});
