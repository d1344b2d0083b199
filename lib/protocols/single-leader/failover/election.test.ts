import { describe, expect, test } from "vitest";
import { failoverWorld } from "../../../../test/support/failoverWorld.ts";
import { type RecordedEffects, recordedEffects } from "../../../../test/support/recordedEffects.ts";
import type { Entry } from "../messages.ts";
import { defaultSingleLeaderOptions, type Failover } from "../options.ts";
import { replica } from "../replica.ts";
import type { ReplicaState } from "../state.ts";

/*
 * One test a claim of Ongaro and Ousterhout, In search of an understandable consensus algorithm,
 * USENIX ATC 2014 (sections 5.x), and of Ongaro's dissertation (4.2.3, 6.2, 9.6).
 */

type Election = Extract<Failover, { readonly kind: "election" }>;

const plain: Election = {
  ...{ kind: "election", timeout: { minMs: 150, maxMs: 300 } },
  ...{ preVote: false, checkQuorum: false },
};

interface Given {
  readonly count?: number;
  readonly failover?: Election;
  readonly epoch?: number;
  /** Epochs of the entries of the log. */
  readonly log?: readonly number[];
}

/** A follower that has just started, number 1 of some replicas, and what it asks for. */
function follower({ count = 3, failover = plain, epoch = 1, log = [] }: Given = {}): {
  readonly state: ReplicaState;
  readonly recorded: RecordedEffects;
} {
  const replicas = Array.from({ length: count }, (_, i) => i);
  const options = { ...defaultSingleLeaderOptions, failover };
  const config = { group: { partition: 0, replicas }, controllers: [], options };
  const state = replica.init(config, 1);
  const recorded = recordedEffects();
  replica.start!(state, recorded.effects);
  state.epoch = epoch;
  state.log = log.map(entryOf);
  recorded.forget();
  return { state, recorded };
}

function entryOf(epoch: number, index: number): Entry {
  return {
    ...{ epoch, kind: "write", key: 0, value: index, operation: index, version: 0 },
    ...{ dependencies: null, evaluatedBy: -1 },
  };
}

/** The same, as a candidate whose vote for itself is on the disk. */
function candidate(given: Given = {}) {
  const { state, recorded } = follower(given);
  replica.timers.election!(state, null, recorded.effects);
  recorded.forget();
  replica.timers.candidacy!(state, { epoch: state.epoch }, recorded.effects);
  return { state, recorded };
}

/** The answer of a voter, when the disk has it. */
function answerTo(state: ReplicaState, recorded: RecordedEffects) {
  for (const { what, name, payload } of [...recorded.asked]) {
    if (what === "sync" && name === "voted")
      replica.timers.voted!(state, payload, recorded.effects);
  }
  return recorded.sent("vote").map(({ payload, to }) => ({ ...payload, to }));
}

function ask(
  state: ReplicaState,
  recorded: RecordedEffects,
  epoch: number,
  from = 2,
  log = [0, 0],
) {
  const [lastEpoch, lastPosition] = log as [number, number];
  const request = { epoch, lastEpoch, lastPosition };
  recorded.forget();
  replica.on.requestVote!(state, request, from, recorded.effects);
  return answerTo(state, recorded);
}

describe("terms (5.1)", () => {
  test("5.1: a server that sees a newer term adopts it; a candidate becomes a follower", () => {
    const { state, recorded } = candidate();
    replica.on.vote!(state, { epoch: 7, isGranted: false }, 2, recorded.effects);
    expect(state.epoch).toBe(7);
    expect(state.role.kind).toBe("follower");
  });

  test("5.1: a leader too", () => {
    const { state, recorded } = candidate();
    replica.on.vote!(state, { epoch: 2, isGranted: true }, 2, recorded.effects);
    expect(state.role.kind).toBe("leader");
    ask(state, recorded, 9);
    expect(state.epoch).toBe(9);
    expect(state.role.kind).toBe("follower");
  });

  test("5.1: a request of an older term is refused with the newer one", () => {
    const { state, recorded } = follower({ epoch: 5 });
    expect(ask(state, recorded, 4)).toEqual([{ epoch: 5, isGranted: false, to: 2 }]);
    expect(state.epoch).toBe(5);
  });
});

describe("election (5.2)", () => {
  test("5.2: a follower stays one while it hears a leader: 60 s, one leader", () => {
    const world = failoverWorld({ options: { failover: plain } });
    expect(world.run(3, 60_000).named("leads")).toHaveLength(1);
    expect(world.named("candidacy")).toHaveLength(0);
  });

  test("5.2: without one it raises its term, votes for itself, and asks all others at once", () => {
    const { state, recorded } = follower({ count: 5, epoch: 3 });
    replica.timers.election!(state, null, recorded.effects);
    expect(state.epoch).toBe(4);
    expect(state.role.kind).toBe("candidate");
    expect(recorded.sent("requestVote")).toHaveLength(0);
    replica.timers.candidacy!(state, { epoch: 4 }, recorded.effects);
    expect(recorded.sent("requestVote").map(({ to }) => to)).toEqual([0, 2, 3, 4]);
  });

  test("5.2: term and own vote are on the disk before anybody is asked (figure 2, persistent state)", () => {
    const { state, recorded } = follower({ epoch: 3 });
    replica.timers.election!(state, null, recorded.effects);
    const writes = recorded.asked.filter(({ what }) => what === "store" || what === "sync");
    expect(writes.map(({ what, name, payload }) => [what, name, payload])).toEqual([
      ["store", "epoch", 4],
      ["store", "votedFor", 1],
      ["sync", "candidacy", { epoch: 4 }],
    ]);
  });

  test("5.2: one vote a term, first come, first served; the same candidate gets it again", () => {
    const { state, recorded } = follower();
    expect(ask(state, recorded, 2, 2)).toEqual([{ epoch: 2, isGranted: true, to: 2 }]);
    expect(ask(state, recorded, 2, 0)).toEqual([{ epoch: 2, isGranted: false, to: 0 }]);
    expect(ask(state, recorded, 2, 2)).toEqual([{ epoch: 2, isGranted: true, to: 2 }]);
    expect(ask(state, recorded, 3, 0)).toEqual([{ epoch: 3, isGranted: true, to: 0 }]);
  });

  test("5.2: a vote is on the disk before it is sent", () => {
    const { state, recorded } = follower();
    replica.on.requestVote!(
      state,
      { epoch: 2, lastEpoch: 0, lastPosition: 0 },
      2,
      recorded.effects,
    );
    const order = recorded.asked.filter(({ what }) => what !== "timer" && what !== "cancel");
    expect(order.map(({ what, name }) => `${what} ${name}`)).toEqual([
      "store epoch",
      "store votedFor",
      "store votedFor",
      "sync voted",
    ]);
    expect(answerTo(state, recorded)).toHaveLength(1);
  });

  // Votes of others beside its own that make a leader; as etcd's TestLeaderElectionInOneRoundRPC.
  test.each([
    [1, 0],
    [3, 1],
    [4, 2],
    [5, 2],
    [7, 3],
  ])("5.2: of %i servers, one wins with the votes of %i others and no fewer", (count, needed) => {
    const { state, recorded } = candidate({ count });
    const others = state.peers;
    for (let i = 0; i < needed; i++) {
      expect(state.role.kind).toBe("candidate");
      const message = { epoch: 2, isGranted: true };
      replica.on.vote!(state, message, others[i]!, recorded.effects);
      // The same vote twice counts once.
      if (i < needed - 1) replica.on.vote!(state, message, others[i]!, recorded.effects);
    }
    expect(state.role.kind).toBe("leader");
  });

  test("5.2: refusals and votes of other terms do not count", () => {
    const { state, recorded } = candidate({ count: 5, epoch: 4 });
    for (const peer of [0, 2]) {
      replica.on.vote!(state, { epoch: 5, isGranted: false }, peer, recorded.effects);
      replica.on.vote!(state, { epoch: 4, isGranted: true }, peer, recorded.effects);
    }
    expect(state.role.kind).toBe("candidate");
  });

  test("5.2: a winner tells the others at once", () => {
    const { state, recorded } = candidate({ count: 3 });
    replica.on.vote!(state, { epoch: 2, isGranted: true }, 2, recorded.effects);
    expect(recorded.sent("append").map(({ to }) => to)).toEqual([0, 2]);
  });

  test("5.2: a candidate recognises a leader of its term, but not of an older one", () => {
    const append = {
      ...{ previousPosition: 0, previousEpoch: 0, entries: [], committed: 0, settled: 0 },
      ...{ asOfMs: -Infinity, software: 1 },
    };
    for (const [epoch, kind] of [
      [4, "follower"],
      [3, "candidate"],
    ] as const) {
      const { state, recorded } = candidate({ epoch: 3 });
      replica.on.append!(state, { ...append, epoch } as never, 2, recorded.effects);
      expect(state.role.kind).toBe(kind);
      expect(state.epoch).toBe(4);
    }
  });

  test("5.2: a candidate that neither wins nor loses begins a new term", () => {
    const { state, recorded } = candidate({ count: 5 });
    replica.timers.election!(state, null, recorded.effects);
    expect([state.epoch, state.role.kind]).toEqual([3, "candidate"]);
  });

  test("5.2: timeouts are random, anew each time, from the range", () => {
    const { state, recorded } = follower();
    replica.timers.election!(state, null, recorded.effects);
    const delays = recorded.asked.filter(({ name }) => name === "election");
    expect(delays.map(({ delay }) => delay)).toEqual([{ minMs: 150, maxMs: 300 }]);
  });

  test("5.2: a vote given makes the voter wait again, a vote refused does not", () => {
    const { state, recorded } = follower({ log: [1, 1] });
    ask(state, recorded, 2, 2, [1, 1]);
    expect(recorded.asked.some(({ what, name }) => what === "timer" && name === "election")).toBe(
      false,
    );
    ask(state, recorded, 3, 0, [1, 2]);
    expect(recorded.asked.some(({ what, name }) => what === "timer" && name === "election")).toBe(
      true,
    );
  });
});

describe("up to date (5.4.1)", () => {
  // Log of the voter; end of the candidate's log: epoch, position; whether it gets the vote. As
  // etcd's TestVoter.
  test.each([
    [[1], [1, 1], true],
    [[1], [1, 2], true],
    [[1, 1], [1, 1], false],
    [[1], [2, 1], true],
    [[1], [2, 2], true],
    [[1, 1], [2, 1], true],
    [[2], [1, 1], false],
    [[2], [1, 2], false],
    [[2, 1], [1, 1], false],
  ])("5.4.1: a voter with terms %j, a candidate that ends with %j: %s", (log, end, isGranted) => {
    const { state, recorded } = follower({ log, epoch: 3 });
    expect(ask(state, recorded, 4, 2, end)).toEqual([{ epoch: 4, isGranted, to: 2 }]);
  });
});

describe("pre-vote (dissertation, 9.6)", () => {
  const preVote = { ...plain, preVote: true };

  test("9.6: a server asks first, and stays in its term until a majority would vote for it", () => {
    const { state, recorded } = follower({ count: 5, failover: preVote, epoch: 3 });
    replica.timers.election!(state, null, recorded.effects);
    expect([state.epoch, state.role.kind]).toEqual([3, "follower"]);
    expect(recorded.sent("requestPreVote")).toHaveLength(4);
    replica.on.preVote!(state, { epoch: 4, isGranted: true }, 2, recorded.effects);
    replica.on.preVote!(state, { epoch: 4, isGranted: true }, 2, recorded.effects);
    expect(state.epoch).toBe(3);
    replica.on.preVote!(state, { epoch: 4, isGranted: true }, 3, recorded.effects);
    expect([state.epoch, state.role.kind]).toEqual([4, "candidate"]);
  });

  test("9.6: others refuse it while they hear a leader, and if its log is behind", () => {
    const { state, recorded } = follower({ failover: preVote, log: [1] });
    const request = { epoch: 2, lastEpoch: 1, lastPosition: 1 };
    const answer = (nowMs: number, changed = {}) => {
      recorded.nowMs = nowMs;
      recorded.forget();
      replica.on.requestPreVote!(state, { ...request, ...changed }, 2, recorded.effects);
      return recorded.sent("preVote")[0]!.payload.isGranted;
    };
    expect(answer(149)).toBe(false);
    expect(answer(150)).toBe(true);
    expect(answer(150, { lastPosition: 0 })).toBe(false);
    expect(answer(150, { epoch: 1 })).toBe(false);
    expect(state.failover).toMatchObject({ votedFor: -1 });
  });

  test("9.6: a server that was cut off for 5 s disturbs nobody when it is back; without pre-vote it does", () => {
    const leaders = (failover: Election) => {
      const world = failoverWorld({
        options: { failover },
        script: [
          [1000, (controls) => cutOff(controls, 2, [0, 1], "cut")],
          [6000, (controls) => cutOff(controls, 2, [0, 1], "heal")],
        ],
      });
      return world.run(5, 20_000).named("leads").length;
    };
    expect(leaders(preVote)).toBe(1);
    expect(leaders(plain)).toBeGreaterThan(1);
  });
});

describe("check quorum (dissertation, 6.2 and 4.2.3)", () => {
  const checkQuorum = { ...plain, checkQuorum: true };

  function cutLeader(failover: Election, seed: number) {
    return failoverWorld({
      options: {
        failover,
        shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 50 },
      },
      replicas: 5,
      script: [[1000, (controls) => cutOff(controls, 0, [1, 2, 3, 4], "cut")]],
    }).run(seed, 5000);
  }

  test("6.2: a leader that hears no majority for an election timeout steps down: 50 seeds", () => {
    for (let seed = 0; seed < 50; seed++) {
      const yields = cutLeader(checkQuorum, seed).named("yields");
      expect(yields.map(({ node }) => node)).toEqual([0]);
      // The last answers came up to a heartbeat before; the next look is within two timeouts of
      // them.
      expect(yields[0]!.timeMs).toBeGreaterThan(1000 + 150 - 50 - 2);
      expect(yields[0]!.timeMs).toBeLessThanOrEqual(1000 + 2 * 150 + 2);
    }
  });

  test("6.2: without the check it leads on, beside the new one", () => {
    const run = cutLeader(plain, 1);
    expect(run.named("yields")).toHaveLength(0);
    expect(run.named("leads")).toHaveLength(2);
  });

  test("4.2.3: who has just heard a leader neither votes nor looks at the term of who asks", () => {
    const { state, recorded } = follower({ failover: checkQuorum });
    recorded.nowMs = 149;
    expect(ask(state, recorded, 8)).toEqual([]);
    expect(state.epoch).toBe(1);
    recorded.nowMs = 150;
    expect(ask(state, recorded, 8)).toEqual([{ epoch: 8, isGranted: true, to: 2 }]);
  });
});

type Cut = "cut" | "heal";

/** Cuts or heals all ways between a node and others. */
function cutOff(
  controls: { cut(a: number, b: number): void; heal(a: number, b: number): void },
  node: number,
  others: readonly number[],
  how: Cut,
): void {
  for (const other of others) {
    controls[how](node, other);
    controls[how](other, node);
  }
}
