import { describe, expect, test } from "vitest";
import { recordedEffects } from "../../../../test/support/recordedEffects.ts";
import { replicaAlone } from "../../../../test/support/replicaAlone.ts";
import { defaultSingleLeaderOptions, type Failover } from "../options.ts";
import { replica } from "../replica.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import { monitor } from "./monitor.ts";

/* What one replica does with single orders of monitors, and one monitor with single answers. */

const failover: Failover = {
  ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 300, leaderStopsMs: 2000 },
  detector: { kind: "timeout", timeoutMs: 1000 },
  ...{ choose: "most-advanced", maximumLagBytes: null, promoteDelay: 100 },
  ...{ reconfigureDelay: 500, stonithMs: null, blockMs: 0 },
};

const monitors = [3, 4, 5];
const alone = (self: number) => replicaAlone(self, failover, monitors);

describe("a replica", () => {
  test("leads when told, after its epoch is on the disk, and tells the monitors", () => {
    const { state, recorded, receive, fireLast } = alone(1);
    recorded.forget();
    receive("promote", { partition: 0, epoch: 256 }, 3);
    expect(recorded.asked).toMatchObject([{ what: "timer", name: "promote", delay: 100 }]);
    fireLast("promote");
    const writes = recorded.asked.filter(({ what }) => what === "store" || what === "sync");
    expect(writes.map(({ what, name, payload }) => [what, name, payload])).toEqual([
      ["store", "source", 1],
      ["store", "epoch", 256],
      ["sync", "promoted", { epoch: 256 }],
    ]);
    expect(state.role.kind).toBe("follower");
    recorded.forget();
    replica.timers.promoted!(state, { epoch: 256 }, recorded.effects);
    expect(state.role.kind).toBe("leader");
    expect(recorded.sent("polled").map(({ to }) => to)).toEqual(monitors);
  });

  test("takes the same or an older order for none", () => {
    const { recorded, receive, state } = alone(1);
    receive("promote", { partition: 0, epoch: 256 }, 3);
    recorded.forget();
    receive("promote", { partition: 0, epoch: 256 }, 4);
    receive("promote", { partition: 0, epoch: 128 }, 4);
    state.epoch = 1024;
    receive("promote", { partition: 0, epoch: 512 }, 4);
    expect(recorded.asked).toEqual([]);
  });

  test("an order to follow that comes before it leads undoes the promotion", () => {
    const { state, receive, fireLast } = alone(1);
    receive("promote", { partition: 0, epoch: 256 }, 3);
    receive("follow", { partition: 0, epoch: 512, leader: 2 }, 4);
    fireLast("promote");
    expect(state.failover).toMatchObject({ source: 2, promotion: 0 });
    expect(state.role).toMatchObject({ kind: "follower", leader: 2 });
  });

  test("stops itself when a majority of the monitors has not asked for too long", () => {
    const { state, recorded, receive, fire } = alone(0);
    const poll = (nowMs: number, from: number) => {
      recorded.nowMs = nowMs;
      receive("poll", { partition: 0 }, from);
    };
    poll(1000, 3);
    poll(1500, 4);
    // The timer of the start is due at 2000, but two of three have asked since.
    recorded.nowMs = 2000;
    fire("silenced", null);
    expect(state.role.kind).toBe("leader");
    // The second of them 1000 ago: the time is over at 3000, not 2000 after the last.
    const timers = recorded.asked.filter(({ name }) => name === "silenced");
    expect(timers.at(-1)!.delay).toBe(1500);
    recorded.nowMs = 3000;
    fire("silenced", null);
    expect(state.role.kind).toBe("follower");
  });

  test("one that stopped itself does not lead by itself after a crash; one that led does", () => {
    for (const stops of [true, false]) {
      const { state, recorded, fire } = alone(0);
      recorded.nowMs = 5000;
      if (stops) fire("silenced", null);
      const slots: Record<string, unknown> = {};
      for (const { what, name, payload } of recorded.asked) {
        if (what === "store") slots[name] = payload;
      }
      const back = replica.restart!({ slots, log: [], firstPosition: 1 }, state.config, 0);
      recorded.forget();
      replica.start!(back, recorded.effects);
      expect(recorded.asked.some(({ name }) => name === "promoted")).toBe(!stops);
    }
  });

  test("switched off, it neither answers nor leads any more", () => {
    const { state, recorded, receive } = alone(0);
    receive("switchOff", { partition: 0 }, 3);
    expect(state.role.kind).toBe("stopped");
    expect(recorded.sent("switchedOff").map(({ to }) => to)).toEqual([3]);
    receive("promote", { partition: 0, epoch: 256 }, 3);
    receive("follow", { partition: 0, epoch: 256, leader: 1 }, 3);
    expect(state.role.kind).toBe("stopped");
  });
});

describe("a monitor", () => {
  const config: ControllerConfig = {
    groups: [{ partition: 0, replicas: [0, 1, 2] }],
    controllers: monitors,
    options: { ...defaultSingleLeaderOptions, failover },
  };

  function watching() {
    const recorded = recordedEffects();
    const effects = recorded.effects as never;
    const state = monitor.init(config, 3);
    monitor.start!(state, effects);
    const watch = state.watches[0]!;
    const polled = (from: number, changed = {}) =>
      monitor.on.polled!(
        state,
        {
          ...{ partition: 0, epoch: 1, isLeader: from === 0, isStopped: false, source: 0 },
          ...{ position: 1, lastEpoch: 1, ...changed },
        },
        from,
        effects,
      );
    const suspect = (nowMs: number) => {
      recorded.nowMs = nowMs;
      monitor.timers.suspect!(state, { partition: 0 }, effects);
    };
    return { recorded, effects, state, watch, polled, suspect };
  }

  test("a suspicion that was due while it stood still means nothing if the leader was heard since", () => {
    const { recorded, watch, polled, suspect } = watching();
    recorded.nowMs = 1500;
    polled(0);
    suspect(1500);
    expect(watch.isSuspected).toBe(false);
    suspect(2500);
    expect(watch.isSuspected).toBe(true);
  });

  test("tells others that the leader is down only if it means the same one", () => {
    const { recorded, state, effects, suspect } = watching();
    suspect(1000);
    const answer = (leader: number) => {
      recorded.forget();
      monitor.on.askDown!(state, { partition: 0, leader }, 4, effects);
      return recorded.sent("down")[0]!.payload.isDown;
    };
    expect(answer(0)).toBe(true);
    expect(answer(1)).toBe(false);
  });

  test("grants a round once, to nobody else while the first acts, and a newer one after that", () => {
    const { recorded, state, effects } = watching();
    const claim = (round: number, from: number) => {
      recorded.forget();
      monitor.on.claim!(state, { partition: 0, round }, from, effects);
      const isStored = recorded.asked.some(({ what }) => what === "sync");
      expect(recorded.sent("claimed")).toHaveLength(isStored ? 0 : 1);
      return isStored;
    };
    expect(claim(1, 4)).toBe(true);
    expect(claim(1, 4)).toBe(false);
    expect(claim(2, 5)).toBe(false);
    expect(claim(2, 4)).toBe(true);
    recorded.nowMs = 60_000;
    expect(claim(2, 5)).toBe(false);
    expect(claim(3, 5)).toBe(true);
  });

  test("the one that promoted has all others told whom to follow, without waiting for a poll", () => {
    const { recorded, watch, polled } = watching();
    watch.act = { kind: "promoting", epoch: 256, leader: 1 };
    watch.isSuspected = true;
    polled(1, { isLeader: true, epoch: 256, source: 1 });
    const told = recorded.asked.filter(({ name }) => name === "reconfigure");
    expect(told.map(({ payload }) => payload.to)).toEqual([0, 2]);
    expect(told.map(({ delay }) => delay)).toEqual([500, 500]);
    // Once each, however often they report.
    polled(2, { epoch: 1 });
    expect(recorded.asked.filter(({ name }) => name === "reconfigure")).toHaveLength(2);
  });
});
