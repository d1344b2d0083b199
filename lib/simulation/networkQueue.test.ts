import { expect, test } from "vitest";
import { batchMeans } from "../../test/support/batchMeans.ts";
import { randomStream } from "../core/random.ts";
import { Network } from "./network.ts";

const latency = { kind: "constant", valueMs: 0 };

function networkOf(kind: "link" | "sender", bytesPerMs: number): Network {
  const network = new Network({ latency, bandwidth: { kind, bytesPerMs } }, ["a", "a", "a"]);
  network.reset(1);
  return network;
}

test("messages of a link wait for those before them, then take size / speed", () => {
  const network = networkOf("link", 10);
  expect(network.arrivalMs(0, 1, 0, 50)).toBe(5);
  expect(network.arrivalMs(0, 1, 1, 20)).toBe(7);
  expect(network.arrivalMs(0, 2, 1, 20)).toBe(3);
  expect(network.arrivalMs(1, 0, 1, 20)).toBe(3);
  expect(network.arrivalMs(0, 1, 100, 10)).toBe(101);
  expect(network.arrivalMs(0, 0, 100, 10)).toBe(100);
});

test("where speed is the sender's, messages to others wait too", () => {
  const network = networkOf("sender", 10);
  expect(network.arrivalMs(0, 1, 0, 50)).toBe(5);
  expect(network.arrivalMs(0, 2, 1, 20)).toBe(7);
  expect(network.arrivalMs(1, 2, 1, 20)).toBe(3);
});

test("a link may have a speed of its own; lost messages take their time too", () => {
  const network = new Network(
    {
      ...{ latency, bandwidth: { kind: "link", bytesPerMs: 10 } },
      links: [{ from: 0, to: 1, bytesPerMs: 20, loss: { kind: "independent", probability: 1 } }],
    },
    ["a", "a"],
  );
  network.reset(1);
  expect(network.arrivalMs(0, 1, 0, 100)).toBe(Infinity);
  network.cut(1, 0);
  expect(network.arrivalMs(1, 0, 0, 100)).toBe(Infinity);
  network.heal(1, 0);
  expect(network.arrivalMs(1, 0, 0, 100)).toBe(20);
});

/**
 * Mean wait of messages sent at the times of a Poisson process. The queue forgets within some
 * 1 / (1 - sqrt(load))^2 = 40 messages: little against batches of 5,000.
 */
function waitOf(load: number, sizeOf: () => number): { mean: number; error: number } {
  const network = networkOf("link", 100);
  const gaps = randomStream({ seed: 2, purpose: "gaps" });
  let nowMs = 0;
  return batchMeans({ batches: 200, size: 5000 }, () => {
    nowMs -= Math.log(gaps.nextUniform()) / load;
    const size = sizeOf();
    return network.arrivalMs(0, 1, nowMs, size) - nowMs - size / 100;
  });
}

// Pollaczek and Khinchine: load E[S^2] / (2 E[S] (1 - load)), with a mean time of sending of 1 ms.
// 1,000,000 messages each.
test.each([0.3, 0.7])("equal sizes, load %d: the wait of M/D/1", (load) => {
  const { mean, error } = waitOf(load, () => 100);
  expect(Math.abs(mean - load / (2 * (1 - load)))).toBeLessThan(4 * error);
});

test.each([0.3, 0.7])("exponential sizes, load %d: the wait of M/M/1", (load) => {
  const sizes = randomStream({ seed: 3, purpose: "sizes" });
  const { mean, error } = waitOf(load, () => -100 * Math.log(sizes.nextUniform()));
  expect(Math.abs(mean - load / (1 - load))).toBeLessThan(4 * error);
});
