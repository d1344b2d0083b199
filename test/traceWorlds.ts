// Small worlds for traces and their pictures: a leader that ships its log, elections by majority.
import { type Durable, type NodeId, type Protocol, versionOf } from "../lib/core/protocol.ts";
import type { Actor, Controls, World } from "../lib/simulation/world.ts";

interface Entry {
  readonly epoch: number;
  readonly key: number;
  readonly value: number;
}
interface Messages {
  write: { readonly operation: number; readonly key: number };
  written: { readonly operation: number; readonly version: number };
  refused: { readonly operation: number };
  read: { readonly operation: number; readonly key: number };
  value: { readonly operation: number; readonly value: number | null; readonly version: number };
  append: { readonly epoch: number; readonly after: number; readonly entries: readonly Entry[] };
  appended: { readonly epoch: number; readonly position: number };
  askVote: { readonly epoch: number; readonly position: number };
  vote: { readonly epoch: number };
}
interface Timers {
  heartbeat: null;
  election: null;
  stored: { readonly position: number };
  giveUp: { readonly operation: number };
}
interface Observations {
  leads: { readonly partition: number; readonly epoch: number };
  yields: { readonly partition: number; readonly epoch: number };
}
interface Replica {
  self: NodeId;
  epoch: number;
  leads: boolean;
  votedIn: number;
  votes: NodeId[];
  log: Entry[];
  positions: Record<number, number>;
  waiting: { operation: number; client: NodeId; position: number }[];
  timer: number;
}

/** How the replicas of a test world are set. */
export interface ReplicaConfig {
  readonly replicas: readonly NodeId[];
  /** The node that leads at first. */
  readonly leader: NodeId;
  /** Replicas that must have a write before it is acknowledged, the leader included. */
  readonly copies: number;
}

const heartbeatMs = 25;

function newReplica(self: NodeId): Replica {
  const nothing = { votes: [], log: [], positions: {}, waiting: [], timer: 0 };
  return { self, epoch: 1, leads: false, votedIn: 1, ...nothing };
}

/** The replicas of a world; the configuration is closed over, as `init` alone is given it. */
export function replica(
  config: ReplicaConfig,
): Protocol<Replica, Messages, Timers, null, Observations> {
  type Sink = Parameters<NonNullable<(typeof role)["start"]>>[1];
  const others = (state: Replica): NodeId[] => config.replicas.filter((id) => id !== state.self);
  const ship = (state: Replica, to: NodeId, effects: Sink): void => {
    const after = state.positions[to] ?? 0;
    effects.send(to, "append", { epoch: state.epoch, after, entries: state.log.slice(after) });
  };
  const listen = (state: Replica, effects: Sink): void => {
    effects.cancelTimer(state.timer);
    state.timer = effects.setTimer("election", null, { minMs: 70, maxMs: 140 });
  };
  const lead = (state: Replica, effects: Sink): void => {
    state.leads = true;
    state.positions = {};
    for (const id of others(state)) state.positions[id] = Math.max(0, state.log.length - 1);
    effects.cancelTimer(state.timer);
    effects.observe("leads", { partition: 0, epoch: state.epoch });
    role.timers.heartbeat!(state, null, effects);
  };
  const follow = (state: Replica, epoch: number, effects: Sink): void => {
    if (state.leads) effects.observe("yields", { partition: 0, epoch: state.epoch });
    Object.assign(state, { leads: false, epoch, waiting: [] });
    effects.store("epoch", epoch);
  };
  const answer = (state: Replica, effects: Sink): void => {
    const isDone = ({ position }: { position: number }): boolean =>
      1 + Object.values(state.positions).filter((held) => held >= position).length >= config.copies;
    for (const { client, operation, position } of state.waiting.filter(isDone)) {
      effects.send(client, "written", { operation, version: versionOf(state.epoch, position) });
    }
    state.waiting = state.waiting.filter((wait) => !isDone(wait));
  };
  const role: Protocol<Replica, Messages, Timers, null, Observations> = {
    role: "replica",
    init: (_, self) => newReplica(self),
    restart(durable: Durable, _, self) {
      const epoch = Number(durable.slots.epoch ?? 1);
      return { ...newReplica(self), epoch, votedIn: epoch, log: [...(durable.log as Entry[])] };
    },
    start(state, effects) {
      if (state.self === config.leader && state.log.length === 0) lead(state, effects);
      else listen(state, effects);
    },
    on: {
      write(state, { operation, key }, from, effects) {
        if (!state.leads) {
          effects.send(from, "refused", { operation });
          return;
        }
        const entry = { epoch: state.epoch, key, value: operation };
        state.log.push(entry);
        effects.append(entry);
        state.waiting.push({ operation, client: from, position: state.log.length });
        effects.sync("stored", { position: state.log.length });
      },
      read(state, { operation, key }, from, effects) {
        const position = state.log.findLastIndex((entry) => entry.key === key) + 1;
        const { value, epoch } = state.log[position - 1] ?? { value: null, epoch: 0 };
        effects.send(from, "value", { operation, value, version: versionOf(epoch, position) });
      },
      append(state, { epoch, after, entries }, from, effects) {
        if (epoch < state.epoch) return;
        if (epoch > state.epoch) follow(state, epoch, effects);
        listen(state, effects);
        if (after > state.log.length) return;
        if (state.log.length > after) effects.truncate(after + 1);
        state.log.splice(after, state.log.length, ...entries);
        for (const entry of entries) effects.append(entry);
        effects.send(from, "appended", { epoch, position: after + entries.length });
      },
      appended(state, { epoch, position }, from, effects) {
        if (!state.leads || epoch !== state.epoch) return;
        state.positions[from] = position;
        answer(state, effects);
      },
      askVote(state, { epoch, position }, from, effects) {
        if (epoch <= state.votedIn || epoch <= state.epoch || position < state.log.length) return;
        state.votedIn = epoch;
        effects.store("epoch", epoch);
        follow(state, epoch, effects);
        listen(state, effects);
        effects.send(from, "vote", { epoch });
      },
      vote(state, { epoch }, from, effects) {
        if (state.leads || epoch !== state.epoch) return;
        state.votes.push(from);
        if (2 * (state.votes.length + 1) > config.replicas.length) lead(state, effects);
      },
    },
    timers: {
      heartbeat(state, _, effects) {
        if (!state.leads) return;
        for (const id of others(state)) ship(state, id, effects);
        effects.setTimer("heartbeat", null, heartbeatMs);
      },
      stored(state, _, effects) {
        answer(state, effects);
        if (state.leads) for (const id of others(state)) ship(state, id, effects);
      },
      election(state, _, effects) {
        state.epoch++;
        Object.assign(state, { votedIn: state.epoch, votes: [] });
        effects.store("epoch", state.epoch);
        for (const id of others(state)) {
          effects.send(id, "askVote", { epoch: state.epoch, position: state.log.length });
        }
        listen(state, effects);
      },
    },
  };
  return role;
}

interface Client {
  open: number[];
}

/** A client that asks one replica. */
export function client(replicaId: NodeId): Protocol<Client, Messages, Timers, null> {
  const done = (state: Client, operation: number): boolean => {
    const isOpen = state.open.includes(operation);
    state.open = state.open.filter((each) => each !== operation);
    return isOpen;
  };
  return {
    role: "client",
    init: () => ({ open: [] }),
    invoke(state, { kind, id, key }, effects) {
      state.open.push(id);
      if (kind === "read") effects.send(replicaId, "read", { operation: id, key });
      else effects.send(replicaId, "write", { operation: id, key });
      effects.setTimer("giveUp", { operation: id }, 60);
    },
    on: {
      written(state, { operation, version }, servedBy, effects) {
        if (!done(state, operation)) return;
        effects.complete(operation, { outcome: "ok", value: operation, version, servedBy });
      },
      value(state, { operation, value, version }, servedBy, effects) {
        if (!done(state, operation)) return;
        effects.complete(operation, { outcome: "ok", value, version, servedBy });
      },
      refused(state, { operation }, servedBy, effects) {
        if (!done(state, operation)) return;
        effects.complete(operation, { outcome: "failed", value: null, version: 0, servedBy });
      },
    },
    timers: {
      giveUp(state, { operation }, effects) {
        const nothing = { outcome: "indefinite", value: null, version: 0, servedBy: -1 } as const;
        if (done(state, operation)) effects.complete(operation, nothing);
      },
    },
  };
}

/** Does things at times, in ms. */
export function script(steps: readonly (readonly [number, (controls: Controls) => void])[]): Actor {
  return {
    begin: (_, controls) => {
      for (const [index, [timeMs]] of steps.entries()) controls.wakeAt(timeMs, index);
    },
    wake: (index, controls) => steps[index as number]![1](controls),
  };
}

/** Cuts, or heals, both directions of every link between two groups. */
export function partition(
  controls: Controls,
  what: "cut" | "heal",
  sides: readonly [readonly NodeId[], readonly NodeId[]],
): void {
  for (const a of sides[0]) {
    for (const b of sides[1]) {
      controls[what](a, b);
      controls[what](b, a);
    }
  }
}

/** Clients, each of which asks the replica with its number, and replicas, of which the first leads. */
export function replicated(counts: {
  readonly clients: readonly number[];
  readonly replicas: number;
  readonly copies: number;
}): World {
  const first = counts.clients.length;
  const replicas = Array.from({ length: counts.replicas }, (_, k) => first + k);
  const config = { replicas, leader: first, copies: counts.copies };
  const place = { region: "here", config: null };
  const letters = "abcdefgh";
  return {
    nodes: [
      ...counts.clients.map((asked, k) => {
        const protocol = client(first + asked);
        return { ...place, name: `client ${letters[k]}`, protocol };
      }),
      ...replicas.map((_, k) => ({
        ...{ ...place, name: `replica ${k + 1}`, protocol: replica(config) },
      })),
    ],
    network: { latency: { kind: "uniform", minMs: 1, maxMs: 5 } },
  };
}
