import { expect, test } from "vitest";
import type { Protocol } from "../core/protocol.ts";
import { randomStream } from "../core/random.ts";
import { Simulator } from "./simulator.ts";
import type { Actor } from "./world.ts";

interface Messages {
  write: { readonly id: number };
  append: { readonly id: number };
  appended: { readonly id: number };
  written: { readonly id: number };
}
interface Timers {
  never: null;
}
interface LeaderState {
  acks: Record<number, number>;
}

const client = 0;
const leader = 1;
const followers = [2, 3, 4, 5];

/** Answers a write as soon as two of four followers have it. */
const leaderRole: Protocol<LeaderState, Messages, Timers, null> = {
  role: "leader",
  init: () => ({ acks: {} }),
  on: {
    write(state, { id }, _from, effects) {
      state.acks[id] = 0;
      for (const follower of followers) effects.send(follower, "append", { id });
    },
    appended(state, { id }, _from, effects) {
      const count = (state.acks[id] ?? 4) + 1;
      state.acks[id] = count;
      if (count === 2) effects.send(client, "written", { id });
      if (count >= 4) delete state.acks[id];
    },
  },
  timers: {},
};
const followerRole: Protocol<null, Messages, Timers, null> = {
  role: "follower",
  init: () => null,
  on: { append: (_, { id }, from, effects) => effects.send(from, "appended", { id }) },
  timers: {},
};
const clientRole: Protocol<null, Messages, Timers, null> = {
  role: "client",
  init: () => null,
  invoke: (_, { id }, effects) => effects.send(leader, "write", { id }),
  on: {
    written: (_, { id }, from, effects) =>
      effects.complete(id, { outcome: "ok", value: id, version: 0, servedBy: from }),
  },
  timers: {},
};

/** Writes at the times of a Poisson process. */
function arrivals(count: number, ratePerMs: number): Actor {
  let random = randomStream({ seed: 0, purpose: "arrivals" });
  let left = 0;
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "arrivals" });
      left = count;
      controls.wakeAt(0, null);
    },
    wake(_, controls) {
      controls.invoke(client, { kind: "write", key: 0, session: 0, device: 0 });
      left--;
      const gapMs = -Math.log(random.nextUniform()) / ratePerMs;
      if (left > 0) controls.wakeAt(controls.nowMs + gapMs, null);
    },
  };
}

function broadcast(count: number) {
  const node = (name: string, protocol: Protocol<never, Messages, Timers, null>) => ({
    ...{ name, region: "here", protocol: protocol as never, config: null },
  });
  const roles = [clientRole, leaderRole, followerRole, followerRole, followerRole, followerRole];
  const invokedMs: number[] = [];
  const latency = { sum: 0, squares: 0, count: 0 };
  const simulator = new Simulator(
    {
      nodes: roles.map((role, i) => node(`${role.role} ${i}`, role as never)),
      network: { latency: { kind: "exponential", meanMs: 1 } },
    },
    {
      actors: [arrivals(count, 10)],
      observers: [
        {
          invoked({ id }, _, timeMs) {
            invokedMs[id] = timeMs;
          },
          completed({ id }, _completion, _node, timeMs) {
            const ms = timeMs - invokedMs[id]!;
            latency.sum += ms;
            latency.squares += ms * ms;
            latency.count++;
          },
        },
      ],
    },
  );
  return { simulator, latency };
}

// Two hops, and the second smallest of four sums of two exponentials: 2 + E = 3.437789 by integration.
test("a leader that waits for two of four followers takes 3.437789 mean latencies", () => {
  const { simulator, latency } = broadcast(100_000);
  simulator.run(1, Infinity);
  expect(latency.count).toBe(100_000);
  expect(simulator.eventCount).toBe(1_100_000);
  const mean = latency.sum / latency.count;
  const variance = latency.squares / latency.count - mean ** 2;
  expect(Math.abs(mean - 3.437789)).toBeLessThan(4 * Math.sqrt(variance / latency.count));
});
