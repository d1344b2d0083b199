import { describe, expect, test } from "vitest";
import { replicaAlone } from "../../../../test/support/replicaAlone.ts";
import type { Failover } from "../options.ts";

/* What one member does with single answers of the store. */

const failover: Failover = {
  ...{ kind: "lease", ttlMs: 3000, loopMs: 1000, retryMs: 800, promoteDelay: 100 },
  ...{ maximumLagBytes: null, watchdog: true, storeNodes: 3 },
};

const stores = [3, 4, 5];

function member(self: number) {
  const alone = replicaAlone(self, failover, stores);
  const lease = () => {
    if (alone.state.failover.kind !== "lease") throw new Error("no lease");
    return alone.state.failover;
  };
  const answer = (verdict: string, from: number, changed = {}) =>
    alone.receive(
      "leaseAnswer",
      { round: lease().round, verdict, epoch: 1, position: 0, ...changed },
      from,
    );
  const sentTo = (name: string) => alone.recorded.sent(name).map(({ to }) => to);
  return { ...alone, lease, answer, sentTo };
}

/** A member that has asked for the key. */
function asking() {
  const one = member(1);
  one.fire("leaseLoop", null);
  one.answer("free", 3);
  one.answer("free", 4);
  expect(one.lease()).toMatchObject({ asking: "acquire", epoch: 2 });
  one.recorded.forget();
  return one;
}

describe("a member without the key", () => {
  test("looks each loop, asks when a majority says that the key is free, leads with a majority's grants", () => {
    const { state, answer, sentTo, fireLast, recorded } = asking();
    recorded.nowMs = 10;
    answer("granted", 3, { epoch: 2 });
    answer("granted", 3, { epoch: 2 });
    expect(sentTo("leaseRequest")).toEqual([]);
    expect(recorded.asked.some(({ name }) => name === "promote")).toBe(false);
    answer("granted", 5, { epoch: 2 });
    fireLast("promote");
    const writes = recorded.asked.filter(({ what }) => what === "store" || what === "sync");
    expect(writes.map(({ what, name, payload }) => [what, name, payload])).toEqual([
      ["store", "epoch", 2],
      ["sync", "promoted", { epoch: 2 }],
    ]);
    expect(state.role.kind).toBe("follower");
    fireLast("promoted");
    expect(state.role.kind).toBe("leader");
    expect(state.epoch).toBe(2);
  });

  test("takes no answer to a look for a grant, nor one of another round", () => {
    const { lease, answer } = asking();
    answer("free", 3);
    answer("free", 4);
    const round = lease().round - 1;
    answer("granted", 3, { round });
    answer("granted", 4, { round });
    expect(lease()).toMatchObject({ asking: "acquire", grants: [], refusals: [] });
  });

  test("rounds of two lives differ: the store's answers to the first mean nothing in the second", () => {
    const rounds = [12_345, 678].map((chosen) => {
      const alone = replicaAlone(1, failover, stores, (count) => {
        expect(count).toBe(2 ** 30);
        return chosen;
      });
      return alone.state.failover.kind === "lease" ? alone.state.failover.round : -1;
    });
    expect(rounds).toEqual([12_345, 678]);
  });

  test("gives back what it got if the majority refuses, and leads nothing", () => {
    const { lease, answer, sentTo, recorded } = asking();
    answer("granted", 3, { epoch: 2 });
    answer("refused", 4);
    expect(sentTo("leaseRelease")).toEqual([]);
    answer("refused", 5);
    expect(sentTo("leaseRelease")).toEqual(stores);
    expect(recorded.sent("leaseRelease")[0]!.payload).toEqual({ partition: 0, epoch: 2 });
    expect(lease()).toMatchObject({ asking: "idle", validUntilMs: null });
  });

  test("does not lead if its lease is over by the time that it may", () => {
    const { state, answer, fireLast, recorded } = asking();
    answer("granted", 3, { epoch: 2 });
    answer("granted", 4, { epoch: 2 });
    fireLast("promote");
    recorded.nowMs = 3000;
    fireLast("promoted");
    expect(state.role.kind).toBe("follower");
  });

  test("asks again those that have not answered", () => {
    const { lease, answer, sentTo, fire } = asking();
    answer("granted", 4, { epoch: 2 });
    fire("leaseResend", { round: lease().round });
    expect(sentTo("leaseRequest")).toEqual([3, 5]);
  });
});

describe("the leader", () => {
  test("keeps the key each loop, from when it asked", () => {
    const { lease, answer, fire, recorded } = member(0);
    recorded.nowMs = 1000;
    fire("leaseLoop", null);
    recorded.nowMs = 1200;
    answer("granted", 3);
    expect(lease().validUntilMs).toBe(3000);
    answer("granted", 4);
    expect(lease().validUntilMs).toBe(4000);
  });

  test("steps down at once if the store says that the key is not its own", () => {
    const { state, answer, fire } = member(0);
    fire("leaseLoop", null);
    answer("refused", 3);
    expect(state.role.kind).toBe("leader");
    answer("refused", 5);
    expect(state.role.kind).toBe("follower");
  });

  test("does not step down when a question that was answered runs out of time", () => {
    const { state, lease, answer, fire } = member(0);
    fire("leaseLoop", null);
    const { round } = lease();
    answer("granted", 3);
    answer("granted", 4);
    fire("leaseRetryOver", { round });
    fire("leaseOver", { validUntilMs: 2999 });
    expect(state.role.kind).toBe("leader");
    fire("leaseOver", { validUntilMs: lease().validUntilMs });
    expect(state.role.kind).toBe("follower");
  });
});
