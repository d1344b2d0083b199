import { expect, test } from "vitest";
import { poisson, replicationWorld, request } from "../../../test/support/replicationWorld.ts";

test("an elected follower goes on with what the majority has", () => {
  const world = replicationWorld({
    options: {
      acknowledgement: { kind: "majority" },
      failover: {
        ...{ kind: "election", timeout: { minMs: 150, maxMs: 300 } },
        ...{ preVote: false, checkQuorum: false },
      },
    },
    shipping: { heartbeatMs: 50 },
    script: [[1000, (controls) => controls.crash(0)]],
    actors: [poisson(3, 0.1, () => request("write", 0))],
  }).run(1, 5000);
  expect(world.named("leads").length).toBe(2);
  const outcomes = world.done.map(({ completion }) => completion?.outcome);
  const atMs = (ms: number) => world.done.filter(({ invokedMs }) => invokedMs > ms);
  expect(outcomes.includes("indefinite")).toBe(true);
  // Clients find the new leader: after a second of timeouts all is well again.
  expect(atMs(3500).length).toBeGreaterThan(50);
  for (const { completion, completedMs } of atMs(3500)) {
    if (completedMs < Infinity) expect(completion?.outcome).toBe("ok");
  }
});
