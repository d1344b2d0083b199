// A client writes to a leader, which sends to its followers and answers as soon as enough have it.
import type { Effects, NodeId, Operation, Protocol } from "../lib/core/protocol.ts";
import { randomStream } from "../lib/core/random.ts";
import type { NetworkSpec } from "../lib/simulation/network.ts";
import type { Actor, RunObserver, World, WorldNode } from "../lib/simulation/world.ts";

interface Append {
  readonly position: number;
}
interface Messages {
  write: { readonly id: number };
  append: Append;
  appended: Append;
  written: { readonly id: number };
  // The same under other names and in other shapes: what a protocol with many messages costs.
  appendToo: Append & { readonly term: number };
  append3: Append & { readonly commit: number; readonly term: number };
  append4: { readonly term: number; readonly position: number };
  append5: { readonly leader: NodeId; readonly position: number };
  appendedToo: Append & { readonly term: number };
  appended3: Append & { readonly from: NodeId };
  appended4: { readonly term: number; readonly position: number };
}
type Asked = Effects<Messages, object>;

const client = 0;
const leader = 1;
const entryBytes = 200;

interface Entry {
  readonly id: number;
  copies: number;
}
interface Leader {
  position: number;
  /** The end of the log, by position modulo its length. */
  readonly log: Entry[];
}

/** Length of the log that the leader keeps. */
const logLength = 4096;

function leaderRole(
  followers: number,
  kinds: "few" | "many",
): Protocol<Leader, Messages, object, null> {
  const needed = Math.ceil(followers / 2);
  const last = leader + followers;
  const append = kinds === "few" ? appendOne : appendAny;
  const count = ({ log }: Leader, position: number, effects: Asked): void => {
    const entry = log[position % logLength]!;
    entry.copies++;
    if (entry.copies === needed) effects.send(client, "written", { id: entry.id }, 50);
  };
  return {
    role: "leader",
    init: () => ({ position: 0, log: [] }),
    on: {
      write(state, { id }, _, effects) {
        const position = state.position++;
        state.log[position % logLength] = { id, copies: 0 };
        for (let to = leader + 1; to <= last; to++) append(position, to, effects);
      },
      appended: (state, { position }, _, effects) => count(state, position, effects),
      appendedToo: (state, { position }, _, effects) => count(state, position, effects),
      appended3: (state, { position }, _, effects) => count(state, position, effects),
      appended4: (state, { position }, _, effects) => count(state, position, effects),
    },
    timers: {},
  };
}

function appendOne(position: number, to: NodeId, effects: Asked): void {
  effects.send(to, "append", { position }, entryBytes);
}

function appendAny(position: number, to: NodeId, effects: Asked): void {
  const term = 1;
  const kind = (position + to) % 5;
  if (kind === 0) effects.send(to, "append", { position }, entryBytes);
  else if (kind === 1) effects.send(to, "appendToo", { position, term }, entryBytes);
  else if (kind === 2) effects.send(to, "append3", { position, commit: 0, term }, entryBytes);
  else if (kind === 3) effects.send(to, "append4", { term, position }, entryBytes);
  else effects.send(to, "append5", { leader, position }, entryBytes);
}

const followerRole: Protocol<null, Messages, object, null> = {
  role: "follower",
  init: () => null,
  on: {
    append: (_, { position }, from, effects) => effects.send(from, "appended", { position }, 50),
    appendToo: (_, { position, term }, from, effects) =>
      effects.send(from, "appendedToo", { position, term }, 50),
    append3: (_, { position }, from, effects) =>
      effects.send(from, "appended3", { position, from }, 50),
    append4: (_, { position, term }, from, effects) =>
      effects.send(from, "appended4", { term, position }, 50),
    append5: (_, { position }, from, effects) => effects.send(from, "appended", { position }, 50),
  },
  timers: {},
};

/** Copies of an answer that is not older than this many writes are known as such. */
const remembered = 4096;

const clientRole: Protocol<{ readonly answered: number[] }, Messages, object, null> = {
  role: "client",
  init: () => ({ answered: [] }),
  invoke: (_, { id }, effects) => effects.send(leader, "write", { id }, entryBytes),
  on: {
    written({ answered }, { id }, from, effects) {
      if (answered[id % remembered] === id) return;
      answered[id % remembered] = id;
      effects.complete(id, { outcome: "ok", value: id, version: 0, servedBy: from });
    },
  },
  timers: {},
};

/** One exponential latency of mean 1 ms for all. */
export const plainNetwork: NetworkSpec = { latency: { kind: "exponential", meanMs: 1 } };

/** Everything that a network of datagrams can have: regions, jitter, losses, copies, bandwidth. */
export const fullNetwork: NetworkSpec = {
  latency: {
    kind: "roundTrips",
    regions: ["a", "b", "c"],
    roundTripMs: [
      [1, 20, 80],
      [20, 1, 70],
      [80, 70, 1],
    ],
    jitter: { kind: "factor", distribution: { kind: "logNormal", medianMs: 0.98, sigma: 0.2 } },
  },
  loss: { kind: "independent", probability: 0.01 },
  duplicateProbability: 0.01,
  bandwidth: { kind: "link", bytesPerMs: 12_500 },
};

/** A client, a leader and its followers, spread over the regions. */
export function broadcastWorld(
  followers: number,
  kinds: "few" | "many",
  network: NetworkSpec,
): World {
  const leads = leaderRole(followers, kinds);
  const roles = [clientRole, leads, ...Array.from({ length: followers }, () => followerRole)];
  const nodes = roles.map((role, i): WorldNode => {
    const region = ["a", "b", "c"][i % 3]!;
    return { name: `${role.role} ${i}`, region, protocol: role as never, config: null };
  });
  return { nodes, network };
}

/** Writes at the times of a Poisson process. */
export function arrivals(count: number, ratePerMs: number): Actor {
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
      const gapMs = -Math.log(random.nextUniform()) / ratePerMs;
      if (--left > 0) controls.wakeAt(controls.nowMs + gapMs, null);
    },
  };
}

/** Operations under way at a time, at most, whose latencies are measured. */
const mostUnderWay = 2 ** 16;

/** Sum of the times from the invocation of an operation to its answer, and how many were answered. */
export class Latencies implements Partial<RunObserver> {
  sumMs = 0;
  count = 0;
  private readonly invokedMs = new Float64Array(mostUnderWay);

  invoked({ id }: Operation, _node: NodeId, timeMs: number): void {
    this.invokedMs[id % mostUnderWay] = timeMs;
  }

  completed({ id }: Operation, _answer: unknown, _node: NodeId, timeMs: number): void {
    this.sumMs += timeMs - this.invokedMs[id % mostUnderWay]!;
    this.count++;
  }
}
