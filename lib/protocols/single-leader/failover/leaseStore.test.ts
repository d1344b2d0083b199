import { expect, test } from "vitest";
import { recordedEffects } from "../../../../test/support/recordedEffects.ts";
import { defaultSingleLeaderOptions } from "../options.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import { leaseStore } from "./leaseStore.ts";

const config: ControllerConfig = {
  groups: [{ partition: 0, replicas: [0, 1, 2] }],
  controllers: [3],
  options: {
    ...defaultSingleLeaderOptions,
    failover: {
      ...{ kind: "lease", ttlMs: 3000, loopMs: 1000, retryMs: 1000, promoteDelay: 0 },
      ...{ maximumLagBytes: null, watchdog: true },
    },
  },
};

/** A store node that has just started, and what becomes of requests to it. */
function store() {
  const recorded = recordedEffects();
  const effects = recorded.effects as never;
  const state = leaseStore.init(config, 3);
  leaseStore.start!(state, effects);
  const answers = () =>
    recorded.sent("leaseAnswer").map(({ to, payload }) => [to, payload.verdict]);
  const ask = (from: number, epoch: number, isHolder = false) => {
    recorded.forget();
    const request = { partition: 0, round: 1, epoch, ttlMs: 3000, position: -1, isHolder };
    leaseStore.on.leaseRequest!(state, request, from, effects);
    return answers();
  };
  /** What is on its way to the disk is there. */
  const flush = () => {
    for (const { what, name, payload } of [...recorded.asked]) {
      if (what === "sync" && name === "keyStored") {
        leaseStore.timers.keyStored!(state, payload as never, effects);
      }
    }
    return answers();
  };
  const end = (life: number) => leaseStore.timers.keyOver!(state, { partition: 0, life }, effects);
  return { state, recorded, effects, ask, flush, end };
}

test("the first replica holds the key at the start; it may keep it, others may not have it", () => {
  const { ask } = store();
  expect(ask(0, 1, true)).toEqual([[0, "granted"]]);
  expect(ask(1, 2)).toEqual([[1, "refused"]]);
});

test("a key that is gone goes to who asks first in a newer epoch, when the disk has it", () => {
  const { ask, flush, end } = store();
  end(1);
  expect(ask(1, 1)).toEqual([[1, "refused"]]);
  expect(ask(1, 2)).toEqual([]);
  expect(flush()).toEqual([[1, "granted"]]);
  expect(ask(2, 3)).toEqual([[2, "refused"]]);
  expect(ask(0, 1, true)).toEqual([[0, "refused"]]);
});

test("a grant is told again only when the disk has it", () => {
  const { ask, flush, end } = store();
  end(1);
  ask(1, 2);
  expect(ask(1, 2, true)).toEqual([]);
  expect(flush()).toEqual([[1, "granted"]]);
  expect(ask(1, 2, true)).toEqual([[1, "granted"]]);
});

test("the end of a life that was renewed meanwhile means nothing: the node had stood still", () => {
  const { state, ask, end } = store();
  ask(0, 1, true);
  end(1);
  expect(state.keys[0]).toMatchObject({ holder: 0, epoch: 1 });
  end(2);
  expect(state.keys[0]).toMatchObject({ holder: -1, epoch: 1 });
});

test("members are told when the key is gone", () => {
  const { recorded, end } = store();
  end(1);
  expect(recorded.sent("leaseGone").map(({ to }) => to)).toEqual([0, 1, 2]);
});

test("back from a crash it holds for whom it held, and no epoch is granted twice", () => {
  const { recorded, effects } = store();
  const slots = { "key 0": { holder: 2, epoch: 7 } };
  const state = leaseStore.restart!({ slots, log: [], firstPosition: 1 }, config, 3);
  recorded.forget();
  leaseStore.start!(state, effects);
  expect(recorded.asked.filter(({ what }) => what === "timer")).toMatchObject([
    { name: "keyOver", delay: 3000 },
  ]);
  expect(state.keys[0]).toMatchObject({ holder: 2, epoch: 7 });
});

test("what was got too little of is given back; a release of another epoch means nothing", () => {
  const { state, effects, ask, flush, end } = store();
  end(1);
  ask(1, 2);
  flush();
  leaseStore.on.leaseRelease!(state, { partition: 0, epoch: 1 }, 1, effects);
  leaseStore.on.leaseRelease!(state, { partition: 0, epoch: 2 }, 2, effects);
  expect(state.keys[0]!.holder).toBe(1);
  leaseStore.on.leaseRelease!(state, { partition: 0, epoch: 2 }, 1, effects);
  expect(state.keys[0]!.holder).toBe(-1);
});
