import {
  type Completion,
  epochOf,
  type NodeId,
  type Operation,
  positionOf,
} from "../../lib/core/protocol.ts";
import type { RunObserver } from "../../lib/simulation/world.ts";

/** A leader's log in full: version of each operation in it; all before a position is there, too. */
export interface FullLog {
  readonly basePosition: number;
  readonly versions: ReadonlyMap<number, number>;
}

/** Everything that observers are told, in order. */
export type Told =
  | { kind: "invoked"; operation: Operation; node: NodeId; timeMs: number }
  | { kind: "completed"; operation: Operation; completion: Completion; timeMs: number }
  | { kind: "observed"; name: string; value: Value; node: NodeId; timeMs: number; log?: FullLog }
  | { kind: "faulted"; name: string; node: NodeId; timeMs: number }
  | { kind: "ended"; timeMs: number };

interface Value {
  readonly partition: number;
  readonly epoch: number;
  readonly operation: number;
  readonly version: number;
  readonly position: number;
  readonly isSuspended: boolean;
  readonly isAsynchronous: boolean;
}

/** Keeps all that an observer is told; `logOf` looks into a node that begins to lead. */
export function everything(logOf: (node: NodeId) => FullLog): RunObserver & { told: Told[] } {
  const told: Told[] = [];
  return {
    told,
    runBegan: () => {
      told.length = 0;
    },
    invoked: (operation, node, timeMs) => told.push({ kind: "invoked", operation, node, timeMs }),
    completed: (operation, completion, _, timeMs) =>
      told.push({ kind: "completed", operation, completion, timeMs }),
    observed: (name, value, node, timeMs) =>
      told.push({
        ...{ kind: "observed", name, value: value as Value, node, timeMs },
        ...(name === "leads" && { log: logOf(node) }),
      }),
    faulted: (name, node, _, timeMs) => told.push({ kind: "faulted", name, node, timeMs }),
    runEnded: (timeMs) => told.push({ kind: "ended", timeMs }),
  };
}

/** An operation with everything about it; places are indexes in the list of what was told. */
interface Whole {
  readonly operation: Operation;
  readonly client: NodeId;
  readonly partition: number;
  readonly invokedAt: number;
  readonly invokedMs: number;
  readonly isMeasured: boolean;
  completedAt: number;
  completedMs: number;
  outcome: string;
  value: number | null;
  /** As the client was told, or as anybody was told of the entry. */
  version: number;
}

export interface OracleOptions {
  readonly fromMs: number;
  readonly toMs: number;
  readonly partitions: number;
}

interface Leads {
  readonly at: number;
  readonly partition: number;
  readonly node: NodeId;
  readonly epoch: number;
  readonly log: FullLog;
}

/** Hits and trials. */
type Counter = [hits: number, trials: number];

/** All metrics of a run; those with two numbers are hits and trials. */
export interface OracleResult extends LeaderTimes {
  readonly reads: number;
  readonly ageMs: readonly number[];
  readonly ageVersions: readonly number[];
  readonly stale: number;
  readonly linearizability: number;
  readonly phantom: number;
  readonly readYourWrites: Counter;
  readonly readYourWritesAcross: Counter;
  readonly monotonicReads: Counter;
  readonly monotonicReadsAcross: Counter;
  readonly monotonicWrites: Counter;
  readonly consistentPrefix: Counter;
  readonly consistentPrefixAcross: Counter;
  readonly acknowledged: number;
  readonly lost: number;
  /** Their numbers. */
  readonly lostOperations: readonly number[];
  readonly lossWindows: number;
  readonly lossWindowMs: number;
  readonly isUndecided: boolean;
  readonly isLed: boolean;
  readonly indefinite: number;
  readonly survived: number;
  readonly writeLatencyMs: readonly number[];
  /** By partition. */
  readonly unavailableMs: readonly number[];
  readonly longestWriteGapMs: number;
}

/** What follows from who leads. */
interface LeaderTimes {
  readonly failovers: number;
  readonly falseFailovers: number;
  readonly writesInSplitBrain: number;
  readonly leaderlessMs: number;
  readonly splitBrainMs: number;
}

/**
 * All metrics from the definitions, with everything at hand: for each operation all operations are looked
 * at. Hits and trials, sums, or lists of values.
 */
export function oracle(told: readonly Told[], options: OracleOptions): OracleResult {
  const { fromMs, toMs, partitions } = options;
  const wholes = wholesOf(told, options);
  const leads = leadsOf(told);
  const endMs = told.at(-1)!.timeMs;
  const untilMs = Math.min(toMs, endMs);
  const before = (place: number) =>
    wholes.filter((each) => each.outcome === "ok" && each.completedAt < place);
  const reads = wholes.filter(
    ({ operation, outcome, isMeasured }) =>
      operation.kind === "read" && outcome === "ok" && isMeasured,
  );
  const isWrite = ({ operation }: Whole) => operation.kind === "write";
  const newestAt = (partition: number, place: number) =>
    leads
      .filter((each) => each.partition === partition && each.at <= place)
      .reduce<Leads | undefined>(
        (a, b) => (a === undefined || b.epoch >= a.epoch ? b : a),
        undefined,
      );
  const isInForce = (write: Whole, place: number) => {
    const newest = newestAt(write.partition, place);
    return newest === undefined || has(newest, write);
  };
  const ageMs: number[] = [];
  const ageVersions: number[] = [];
  const hits = {
    ...{ linearizability: 0, phantom: 0 },
    readYourWrites: [0, 0] as Counter,
    readYourWritesAcross: [0, 0] as Counter,
    monotonicReads: [0, 0] as Counter,
    monotonicReadsAcross: [0, 0] as Counter,
    monotonicWrites: [0, 0] as Counter,
    consistentPrefix: [0, 0] as Counter,
    consistentPrefixAcross: [0, 0] as Counter,
  };
  const count = (counter: Counter, isHit: boolean) => {
    counter[0] += isHit ? 1 : 0;
    counter[1]++;
  };
  const newestOf = (list: readonly Whole[]) => Math.max(0, ...list.map(({ version }) => version));

  for (const read of reads) {
    const { key, session, device } = read.operation;
    const known = before(read.invokedAt).filter(({ operation }) => operation.key === key);
    const missed = known.filter(
      (each) => isWrite(each) && each.version > read.version && isInForce(each, read.completedAt),
    );
    ageVersions.push(missed.length);
    ageMs.push(
      missed.length === 0
        ? 0
        : read.invokedMs - Math.min(...missed.map(({ completedMs }) => completedMs)),
    );
    const register = known.filter(({ operation }) => operation.kind !== "insert");
    if (read.version < newestOf(register)) hits.linearizability++;
    const own = register.filter(({ operation }) => operation.session === session);
    const here = own.filter(({ operation }) => operation.device === device);
    const isRead = (each: Whole) => !isWrite(each);
    const written = newestOf(own.filter(isWrite));
    const writtenHere = newestOf(here.filter(isWrite));
    const seen = newestOf(own.filter(isRead));
    const seenHere = newestOf(here.filter(isRead));
    if (writtenHere > 0) count(hits.readYourWrites, read.version < writtenHere);
    if (written > writtenHere) count(hits.readYourWritesAcross, read.version < written);
    if (seenHere > 0) count(hits.monotonicReads, read.version < seenHere);
    if (seen > seenHere) count(hits.monotonicReadsAcross, read.version < seen);
    const [required, requiredAcross] = requiredOf(read);
    if (required > 0) count(hits.consistentPrefix, read.version < required);
    if (requiredAcross > 0) count(hits.consistentPrefixAcross, read.version < requiredAcross);
  }
  for (const write of wholes.filter((each) => isWrite(each) && each.isMeasured)) {
    if (write.outcome !== "ok") continue;
    const { key, session } = write.operation;
    const earlier = before(write.invokedAt).filter(
      (each) => isWrite(each) && each.operation.key === key && each.operation.session === session,
    );
    const newest = newestOf(earlier);
    if (newest > 0) count(hits.monotonicWrites, write.version < newest);
  }

  /** Newest version of the key of a read on which something depends that its user had seen. */
  function requiredOf(read: Whole): readonly [number, number] {
    let all = 0;
    let across = 0;
    for (const { operation, value } of before(read.invokedAt)) {
      if (operation.session !== read.operation.session || operation.kind !== "read") continue;
      let source = value;
      for (let link = 0; link < 8 && source !== null; link++) {
        const after = wholes[source]!.operation.after;
        if (after === undefined) break;
        const cause = wholes[after]!;
        if (cause.operation.key === read.operation.key && cause.operation.kind !== "insert") {
          all = Math.max(all, cause.version);
          if (cause.partition !== operation.key % partitions) {
            across = Math.max(across, cause.version);
          }
        }
        source = cause.operation.kind === "read" ? cause.value : cause.operation.id;
      }
    }
    return [all, across];
  }

  const last = told.length;
  const writes = wholes.filter(({ operation }) => operation.kind !== "read");
  const isLed = (partition: number) => {
    const newest = newestAt(partition, last);
    if (newest === undefined) return false;
    return !told.some(
      (each, place) =>
        place > newest.at &&
        ((each.kind === "faulted" && each.name === "crash" && each.node === newest.node) ||
          (each.kind === "observed" && each.name === "yields" && each.node === newest.node)),
    );
  };
  const acknowledged = writes.filter(({ outcome, isMeasured }) => outcome === "ok" && isMeasured);
  const lost = acknowledged.filter((write) => !isInForce(write, last));
  for (const { value } of reads) {
    if (value !== null && wholes[value]!.version > 0 && !isInForce(wholes[value]!, last)) {
      hits.phantom++;
    }
  }
  const undecided = acknowledged.filter(
    ({ partition, version }) =>
      !isLed(partition) && positionOf(version) + 1024 > settledPosition(told, partition),
  );
  const indefinite = writes.filter(
    ({ outcome, isMeasured }) => isMeasured && outcome !== "ok" && outcome !== "failed",
  );
  /** The change of leaders that dropped a write last. */
  const droppedBy = (write: Whole) => {
    const changes = leads.filter(
      (each, i) =>
        each.partition === write.partition && newestAt(write.partition, each.at) === leads[i],
    );
    let dropped = -1;
    let wasIn = true;
    for (const [i, change] of changes.entries()) {
      const isIn = has(change, write);
      const firstTold = firstToldOf(told, write);
      // Entries made after a change are dropped by the latest one before they were made.
      if (firstTold > (changes[i + 1]?.at ?? Infinity)) continue;
      if (!isIn && wasIn) dropped = change.at;
      wasIn = isIn;
    }
    return dropped;
  };
  const windows = new Map<number, number[]>();
  for (const write of lost) {
    const by = droppedBy(write);
    windows.set(by, [...(windows.get(by) ?? []), write.completedMs]);
  }
  const windowMs = [...windows.values()].map((ms) => Math.max(...ms) - Math.min(...ms));
  return {
    ...{ reads: reads.length, ageMs, ageVersions, ...hits },
    stale: ageVersions.filter((versions) => versions > 0).length,
    acknowledged: acknowledged.length,
    lost: lost.length,
    lostOperations: lost.map(({ operation }) => operation.id),
    lossWindows: windowMs.length,
    lossWindowMs: windowMs.reduce((a, b) => a + b, 0),
    isUndecided: undecided.length > 0,
    isLed: range(partitions).every(isLed),
    indefinite: indefinite.length,
    survived: indefinite.filter((write) => write.version > 0 && isInForce(write, last)).length,
    writeLatencyMs: acknowledged.map(({ completedMs, invokedMs }) => completedMs - invokedMs),
    unavailableMs: range(partitions).map((partition) =>
      unavailable(
        writes.filter((write) => write.partition === partition && write.isMeasured),
        untilMs,
      ),
    ),
    longestWriteGapMs: Math.max(
      ...range(partitions).map((partition) =>
        longestGap([
          fromMs,
          ...writes
            .filter((write) => write.partition === partition && write.outcome === "ok")
            .map(({ completedMs }) => completedMs)
            .filter((ms) => ms >= fromMs && ms <= toMs),
          untilMs,
        ]),
      ),
    ),
    ...leaderTimes(told, options, untilMs),
  };
}

function has({ epoch, log }: Leads, { version, operation }: Whole): boolean {
  if (positionOf(version) <= log.basePosition) return true;
  return log.versions.get(operation.id) === version || epochOf(version) === epoch;
}

function wholesOf(told: readonly Told[], { fromMs, toMs, partitions }: OracleOptions): Whole[] {
  const wholes: Whole[] = [];
  for (const [place, each] of told.entries()) {
    if (each.kind === "invoked") {
      const { operation, timeMs, node: client } = each;
      wholes[operation.id] = {
        client,
        ...{
          operation,
          partition: operation.key % partitions,
          invokedAt: place,
          invokedMs: timeMs,
        },
        isMeasured: timeMs >= fromMs && timeMs <= toMs,
        ...{ completedAt: Infinity, completedMs: Number.NaN, outcome: "none" },
        ...{ value: operation.value, version: 0 },
      };
    } else if (each.kind === "completed") {
      const whole = wholes[each.operation.id]!;
      whole.completedAt = place;
      whole.completedMs = each.timeMs;
      whole.outcome = each.completion.outcome;
      if (whole.outcome !== "ok") continue;
      whole.value = each.completion.value;
      whole.version = each.completion.version;
      if (whole.operation.kind !== "read" || whole.value === null) continue;
      const source = wholes[whole.value]!;
      if (source.version === 0) source.version = whole.version;
    } else if (each.kind === "faulted" && each.name === "crash") {
      // Whoever waited there never gets an answer, and is no witness of an outage.
      for (const whole of wholes) {
        if (whole.client === each.node && whole.outcome === "none") whole.outcome = "void";
      }
    } else if (each.kind === "observed" && "operation" in each.value) {
      const whole = wholes[each.value.operation];
      if (whole !== undefined) whole.version = each.value.version;
    }
  }
  return wholes;
}

function leadsOf(told: readonly Told[]): Leads[] {
  return told.flatMap((each, at) =>
    each.kind === "observed" && each.name === "leads"
      ? [
          {
            ...{ at, partition: each.value.partition, node: each.node, epoch: each.value.epoch },
            log: each.log!,
          },
        ]
      : [],
  );
}

function firstToldOf(told: readonly Told[], { operation, version }: Whole): number {
  return told.findIndex(
    (each) =>
      (each.kind === "observed" && each.value.operation === operation.id) ||
      (each.kind === "completed" &&
        each.completion.version === version &&
        version > 0 &&
        (each.operation.id === operation.id || each.completion.value === operation.id)),
  );
}

function settledPosition(told: readonly Told[], partition: number): number {
  const positions = told.flatMap((each) =>
    each.kind === "observed" && each.name === "settled" && each.value.partition === partition
      ? [each.value.position]
      : [],
  );
  return Math.max(0, ...positions);
}

function unavailable(writes: readonly Whole[], untilMs: number): number {
  let sum = 0;
  let sinceMs: number | undefined;
  for (const { outcome, invokedMs } of writes) {
    if (outcome === "void") continue;
    if (outcome !== "ok") sinceMs ??= invokedMs;
    else if (sinceMs !== undefined) {
      sum += invokedMs - sinceMs;
      sinceMs = undefined;
    }
  }
  return sinceMs === undefined ? sum : sum + untilMs - sinceMs;
}

function longestGap(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.slice(1).map((ms, i) => ms - sorted[i]!));
}

/** Who leads is found out anew between each two things that were told. */
function leaderTimes(
  told: readonly Told[],
  { fromMs, partitions }: OracleOptions,
  untilMs: number,
): LeaderTimes {
  let leaderlessMs = 0;
  let splitBrainMs = 0;
  let failovers = 0;
  let falseFailovers = 0;
  let writesInSplitBrain = 0;
  const all = leadsOf(told);
  for (const partition of range(partitions)) {
    const newestBefore = (place: number) =>
      all
        .filter((each) => each.partition === partition && each.at <= place)
        .reduce<Leads | undefined>((a, b) => (a && a.epoch > b.epoch ? a : b), undefined);
    for (let place = -1; place + 1 < told.length; place++) {
      const from = Math.max(fromMs, told[place]?.timeMs ?? 0);
      const spanMs = Math.max(0, Math.min(untilMs, told[place + 1]!.timeMs) - from);
      const next = told[place + 1]!;
      const isAcknowledged =
        next.kind === "observed" &&
        next.name === "acknowledged" &&
        next.value.partition === partition;
      const isMeasured = next.timeMs >= fromMs && next.timeMs <= untilMs;
      if (spanMs === 0 && !(isAcknowledged && isMeasured)) continue;
      const { running, accepting } = leadersAt(told, place, partition);
      if (running === 0) leaderlessMs += spanMs;
      if (accepting >= 2) splitBrainMs += spanMs;
      const isOld = isAcknowledged && next.node !== newestBefore(place)?.node;
      if (isOld && isMeasured && accepting >= 2) writesInSplitBrain++;
    }
    const leads = leadsOf(told).filter((each) => each.partition === partition);
    let newest: Leads | undefined;
    for (const each of leads) {
      if (newest !== undefined && each.epoch < newest.epoch) continue;
      const { timeMs } = told[each.at]!;
      if (
        newest !== undefined &&
        newest.node !== each.node &&
        timeMs >= fromMs &&
        timeMs <= untilMs
      ) {
        failovers++;
        const since = told.slice(newest.at, each.at);
        const { node } = newest;
        const faults = since.flatMap((f) => (f.kind === "faulted" && f.node === node ? [f] : []));
        const hasCrashed = faults.some(({ name }) => name === "crash");
        if (!hasCrashed && !leadersAt(told, each.at, partition).paused.has(node)) falseFailovers++;
      }
      newest = each;
    }
  }
  return {
    ...{ failovers, falseFailovers, writesInSplitBrain },
    leaderlessMs: leaderlessMs / partitions,
    splitBrainMs: splitBrainMs / partitions,
  };
}

function leadersAt(told: readonly Told[], place: number, partition: number) {
  const leading = new Set<NodeId>();
  const down = new Set<NodeId>();
  const paused = new Set<NodeId>();
  const suspended = new Set<NodeId>();
  for (const each of told.slice(0, place + 1)) {
    if (each.kind === "faulted") {
      if (each.name === "crash") {
        leading.delete(each.node);
        paused.delete(each.node);
        down.add(each.node);
      }
      if (each.name === "restart") down.delete(each.node);
      if (each.name === "pause" && !down.has(each.node)) paused.add(each.node);
      if (each.name === "resume") paused.delete(each.node);
    } else if (each.kind === "observed" && each.value.partition === partition) {
      if (each.name === "leads") {
        leading.add(each.node);
        suspended.delete(each.node);
      }
      if (each.name === "yields") leading.delete(each.node);
      if (each.name === "suspended") {
        if (each.value.isSuspended) suspended.add(each.node);
        else suspended.delete(each.node);
      }
    }
  }
  const running = [...leading].filter((node) => !down.has(node) && !paused.has(node));
  const accepting = running.filter((node) => !suspended.has(node)).length;
  return { running: running.length, accepting, paused };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
