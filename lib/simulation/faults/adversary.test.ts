import { expect, test } from "vitest";
import {
  at,
  client,
  leading,
  node,
  run,
  server,
  telling,
} from "../../../test/support/beatingWorld.ts";
import type { Actor } from "../world.ts";
import type { FaultSpec, FaultTarget } from "./faultSpec.ts";

/** Three requests of the client, at 10, 20 and 30 ms; they arrive 1 ms later. */
const requests: Actor = {
  begin: (_, controls) => {
    for (const timeMs of [10, 20, 30, 40]) controls.wakeAt(timeMs, null);
  },
  wake: (_, controls) => controls.invoke(client, { kind: "read", key: 0, session: 0, device: 0 }),
};

test("an adversary strikes in the middle of the handler, which does nothing more", () => {
  const fault: FaultSpec = {
    what: { kind: "crash", target: { kind: "self" }, lastsMs: 5 },
    when: { kind: "observed", observation: "acknowledged", occurrence: 3 },
  };
  const { steps, state } = run(
    { faults: [fault] },
    { count: 2, protocol: telling, others: [requests] },
  );
  expect(steps("crash", "restart")).toEqual(["31 crash 1", "36 restart 1"]);
  // The reply sent before it crashed arrives, that after does not; later requests are served.
  expect(state(client).replies).toEqual([0, 100, 1, 101, 2, 3, 103]);
  // What the server knew is gone with the crash.
  expect(state(server).replies).toEqual([3]);
});

test("an adversary may wait, strike again, and listen to some nodes only", () => {
  const observed = { kind: "observed", observation: "acknowledged", occurrence: 1 } as const;
  const strikes = (when: FaultSpec["when"], target: FaultTarget = { kind: "self" }) =>
    run(
      { faults: [{ what: { kind: "crash", target, lastsMs: 1 }, when }] },
      { count: 2, protocol: telling, others: [requests] },
    ).steps("crash");
  expect(strikes(observed)).toEqual(["11 crash 1"]);
  expect(strikes({ ...observed, afterMs: 2 })).toEqual(["13 crash 1"]);
  expect(strikes({ ...observed, thenEvery: 2 })).toEqual(["11 crash 1", "31 crash 1"]);
  expect(strikes(observed, node(0))).toEqual(["11 crash 0"]);
  expect(strikes({ ...observed, by: { kind: "node", node: 0 } })).toEqual([]);
});

test.each([
  { atMs: 5, leader: [], followers: [] },
  { atMs: 20, leader: [1], followers: [0, 2, 3] },
  // Both believe that they lead: the higher epoch does.
  { atMs: 40, leader: [2], followers: [0, 1, 3] },
])("the leader at $atMs ms is $leader", ({ atMs, leader, followers }) => {
  const hit = (target: FaultTarget) => {
    const what = { kind: "pause", target, lastsMs: 1 } as const;
    const options = { protocol: telling, says: leading, count: 4 };
    return run({ faults: [{ what, when: at(atMs) }] }, options)
      .seen.filter(({ name }) => name === "pause")
      .map((each) => each.node);
  };
  expect(hit({ kind: "leader" })).toEqual(leader);
  expect(hit({ kind: "followers" })).toEqual(followers);
  expect(hit({ kind: "followers", of: { kind: "nodes", nodes: [1, 2, 3] } })).toEqual(
    followers.filter((id) => id > 0),
  );
  expect(hit({ kind: "followers", count: 1 })).toHaveLength(Math.min(1, followers.length));
  expect(hit({ kind: "leader", partition: 1 })).toEqual([]);
});

test("a leader that crashed leads no more, nor does one that yielded", () => {
  const hits = (faults: readonly FaultSpec[]) =>
    run({ faults }, { protocol: telling, says: leading, count: 4 }).steps("crash");
  const crashLeader = (atMs: number[], lastsMs: number): FaultSpec => ({
    what: { kind: "crash", target: { kind: "leader" }, lastsMs },
    when: at(atMs),
  });
  // Of the two, 2 crashes first; then 1 is left, which yields at 60.
  expect(hits([crashLeader([40, 50], 1)])).toEqual(["40 crash 2", "50 crash 1"]);
  expect(hits([crashLeader([40, 65], 1)])).toEqual(["40 crash 2"]);
  // Crashed at the moment at which it begins to lead.
  const first: FaultSpec = {
    what: { kind: "crash", target: { kind: "leader" }, lastsMs: 1 },
    when: { kind: "observed", observation: "leads", occurrence: 1 },
  };
  expect(hits([first, crashLeader([20], 1)])).toEqual(["10 crash 1"]);
});

test("a later claim of a lower epoch does not count, nor does one of a node that is down", () => {
  const says = [
    [],
    [{ atMs: 20, name: "leads", epoch: 2 }],
    [{ atMs: 10, name: "leads", epoch: 5 }],
  ];
  const pauseLeader: FaultSpec = {
    what: { kind: "pause", target: { kind: "leader" }, lastsMs: 1 },
    when: at([15, 25, 35]),
  };
  // Somebody else crashes the leader, of which the schedule is not told.
  const operator: Actor = {
    begin: (_, controls) => controls.wakeAt(30, null),
    wake: (_, controls) => controls.crash(2),
  };
  const options = { protocol: telling, says, count: 3, others: [operator] };
  expect(run({ faults: [pauseLeader] }, options).steps("pause")).toEqual([
    ...["15 pause 2", "25 pause 2", "35 pause 1"],
  ]);
});

test("an adversary does not strike when all has been healed", () => {
  const fault: FaultSpec = {
    what: { kind: "crash", target: { kind: "self" }, lastsMs: 5 },
    when: { kind: "observed", observation: "acknowledged", occurrence: 1 },
  };
  const options = { count: 2, protocol: telling, others: [requests] };
  expect(run({ faults: [fault], healAllAtMs: 10 }, options).steps("crash")).toEqual([]);
});

test("a schedule may say by which observations leaders are known", () => {
  const says = [[{ atMs: 10, name: "elected", epoch: 1 }]];
  const crashLeader: FaultSpec = {
    what: { kind: "crash", target: { kind: "leader" }, lastsMs: 1 },
    when: at(20),
  };
  const leadership = { leads: "elected", yields: "deposed" };
  const options = { protocol: telling, says, count: 2 };
  expect(run({ faults: [crashLeader], leadership }, options).steps("crash")).toEqual([
    "20 crash 0",
  ]);
  expect(run({ faults: [crashLeader] }, options).steps("crash")).toEqual([]);
});

test("what nodes tell as they start counts: who leads, and occurrences", () => {
  // Timers of 0 ms run after the start; here the handler of the start itself tells.
  const starting: typeof telling = {
    ...telling,
    start(_state, effects) {
      effects.observe("leads", { partition: 0, epoch: 1 });
      effects.setTimer("say", { name: "late", epoch: 0 }, 0);
    },
  };
  const faults: FaultSpec[] = [
    {
      what: { kind: "crash", target: { kind: "self" }, lastsMs: 7 },
      when: { kind: "observed", observation: "leads", occurrence: 2 },
    },
    { what: { kind: "pause", target: { kind: "leader" }, lastsMs: 1 }, when: at(5) },
  ];
  const { steps, seen, simulator } = run({ faults }, { protocol: starting, count: 3 });
  // All three claim to lead as they start, the last of them last; the second was struck as it did.
  const expected = ["0 crash 1", "5 pause 2", "6 resume 2", "7 restart 1"];
  const names = ["crash", "restart", "pause", "resume"];
  expect(steps(...names)).toEqual(expected);
  seen.splice(0);
  simulator.run(1, 100);
  expect(steps(...names)).toEqual(expected);
});
