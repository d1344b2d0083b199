import { expect, test } from "vitest";
import { Simulator } from "../../simulation/simulator.ts";
import type { Actor } from "../../simulation/world.ts";
import { client } from "./client.ts";
import {
  defaultClientOptions,
  defaultSingleLeaderOptions,
  type SingleLeaderOptions,
} from "./options.ts";
import { replica } from "./replica.ts";

/** Three replicas, then one client; writes every 10 ms; the leader dies at one time. */
function world(options: Partial<SingleLeaderOptions>, crashMs: number) {
  const group = { partition: 0, replicas: [0, 1, 2] };
  const all = { ...defaultSingleLeaderOptions, ...options };
  const config = { group, controllers: [], options: all };
  const seen: string[] = [];
  const outcomes: Record<string, number> = {};
  const actor: Actor = {
    begin(_, controls) {
      controls.wakeAt(5, "write");
      controls.wakeAt(crashMs, "crash");
    },
    wake(reason, controls) {
      if (reason === "crash") return controls.crash(0);
      controls.invoke(3, { kind: "write", key: 0, session: 0, device: 0 });
      controls.wakeAt(controls.nowMs + 10, "write");
    },
  };
  const simulator = new Simulator(
    {
      nodes: [
        ...[0, 1, 2].map((i) => ({ name: `n${i}`, region: "here", protocol: replica, config })),
        {
          ...{ name: "client", region: "here", protocol: client },
          config: { groups: [group], nearest: [[0, 1, 2]], options: defaultClientOptions },
        },
      ],
      network: { latency: { kind: "uniform", minMs: 1, maxMs: 2 } },
    },
    {
      actors: [actor],
      observers: [
        {
          observed: (name, value, node, timeMs) => {
            if (name === "leads")
              seen.push(`${timeMs.toFixed(1)} ${node} ${JSON.stringify(value)}`);
          },
          completed: (_, { outcome }) => {
            outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          },
        },
      ],
    },
  );
  simulator.run(1, 5000);
  return { seen, outcomes };
}

test("an elected follower goes on with what the majority has", () => {
  const { seen, outcomes } = world(
    {
      acknowledgement: { kind: "majority" },
      failover: {
        ...{ kind: "election", timeout: { minMs: 150, maxMs: 300 } },
        ...{ preVote: false, checkQuorum: false },
      },
      shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 50 },
    },
    1000,
  );
  expect(seen.length).toBe(2);
  expect(outcomes.ok).toBe(100);
});
