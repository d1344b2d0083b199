import {
  type Acknowledgement,
  type Choice,
  choices,
  type Detector,
  defaultSingleLeaderOptions,
  type Failover,
  type Fencing,
  type LogFormat,
  type Retention,
  returns,
  type Shipping,
  type SingleLeaderOptions,
} from "../protocols/single-leader/options.ts";
import { alternative, choice, orNull, record } from "./shapes/compoundShapes.ts";
import { duration, integer, number, oneOf, share, truth } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { delay, timeRange } from "./shapes/timeShapes.ts";

const count: Shape<number> = integer({ min: 1 });
const bytes: Shape<number> = number({ min: 0 });
const positive = duration({ positive: true });

const acknowledgement = choice<Acknowledgement>({
  asynchronous: alternative("As soon as the leader's own log has the write.", {}),
  synchronous: alternative(
    "When all followers have acknowledged; without any one, writes wait.",
    {},
  ),
  "semi-synchronous": alternative(
    "When some followers have acknowledged, or asynchronously after a timeout without them.",
    {
      followers: field(count, "Followers that must acknowledge, at most as many as there are."),
      timeoutMs: field(orNull(duration()), "Then asynchronous until they are back; null: never."),
    },
    { followers: 1, timeoutMs: 10_000 },
  ),
  majority: alternative("When a majority of all replicas, the leader among them, has it.", {}),
});

const shipping: Shape<Shipping> = record(
  {
    batchEntries: field(count, "Most entries in one message."),
    batchDelayMs: field(duration(), "How long the leader collects entries before it sends them."),
    windowEntries: field(count, "Most entries under way to a follower without acknowledgement."),
    heartbeatMs: field(
      positive,
      "Time between messages to a follower if there is nothing to send.",
    ),
    resendMs: field(positive, "A follower silent for so long is sent everything again."),
    applyDelay: field(delay, "From receiving entries to reads seeing them, in ms."),
  },
  defaultSingleLeaderOptions.shipping,
);

const logFormat = choice<LogFormat>({
  statement: alternative(
    "The statement itself: what is not deterministic differs from replica to replica.",
    { nondeterministicShare: field(share, "Share of the statements that are not deterministic.") },
    { nondeterministicShare: 0.01 },
  ),
  physical: alternative("Changes of disk blocks: bound to one version of the software.", {}),
  logical: alternative("New values of rows.", {}),
  trigger: alternative(
    "Rows written a second time by triggers.",
    {
      writeCostFactor: field(number({ min: 1 }), "Each write costs the leader so many times more."),
    },
    { writeCostFactor: 2 },
  ),
});

const retention: Shape<Retention> = record(
  {
    entries: field(
      orNull(integer({ min: 0 })),
      "Entries that the leader keeps behind the newest; null: all that any replica may need.",
    ),
    snapshotBytes: field(bytes, "Fixed part of the size of a snapshot."),
    snapshotBytesPerKey: field(bytes, "Part of the size of a snapshot that each key adds."),
    snapshotBytesPerMs: field(
      number({ min: 0, exclusiveMin: true }),
      "Snapshot bytes that the leader reads and sends in a ms.",
    ),
  },
  defaultSingleLeaderOptions.retention,
);

const detector = choice<Detector>({
  timeout: alternative(
    "Silence for so long.",
    { timeoutMs: field(positive, "Silence after which a node counts as dead.") },
    { timeoutMs: 1000 },
  ),
  phi: alternative(
    "Phi accrual: suspicion grows with the silence, in units of what is usual.",
    {
      threshold: field(number({ min: 0, exclusiveMin: true }), "Phi from which a node is dead."),
      windowSize: field(count, "Gaps between heartbeats that the fit looks back on."),
      minDeviationMs: field(positive, "Least standard deviation of the gaps."),
      acceptablePauseMs: field(duration(), "Added to the mean gap: a pause that is acceptable."),
    },
    { threshold: 8, windowSize: 1000, minDeviationMs: 100, acceptablePauseMs: 3000 },
  ),
});

const choose: Shape<Choice> = oneOf(choices);
const lagLimit = orNull(bytes);

const failover = choice<Failover>({
  none: alternative("A leader that is gone stays gone.", {}),
  election: alternative(
    "A majority elects: terms, votes, random timeouts (Raft).",
    {
      timeout: field(
        timeRange(),
        "Silence after which a follower stands for election, drawn anew.",
      ),
      preVote: field(truth, "Ask whether an election could be won before starting one."),
      checkQuorum: field(truth, "A leader steps down that hears no majority for a timeout."),
    },
    { timeout: { minMs: 1000, maxMs: 2000 }, preVote: true, checkQuorum: true },
  ),
  lease: alternative(
    "The leader keeps a key alive in a store of a majority; whoever gets it next leads (Patroni).",
    {
      ttlMs: field(positive, "Life of the key; at least loopMs + 2 retryMs."),
      loopMs: field(positive, "Time between two renewals or looks at the key."),
      retryMs: field(duration(), "How long a failed renewal is tried again before giving up."),
      maximumLagBytes: field(lagLimit, "A follower further behind takes no part; null: no limit."),
      promoteDelay: field(delay, "From getting the key to accepting writes, in ms."),
      watchdog: field(truth, "A watchdog stops a leader that cannot prove its lease."),
      storeNodes: optional(count, "Nodes that keep the key; a majority must agree. Absent: 1."),
      safetyMs: optional(duration(), "A leader takes its lease to end so much earlier. Absent: 0."),
    },
    {
      ...{ ttlMs: 30_000, loopMs: 10_000, retryMs: 10_000, maximumLagBytes: 1_048_576 },
      ...{ promoteDelay: 1000, watchdog: false },
    },
  ),
  controller: alternative(
    "Monitors outside watch the leader, agree that it is gone, and promote a follower.",
    {
      monitors: field(count, "Monitors."),
      quorum: field(count, "Monitors that must agree, at most as many as there are."),
      pollMs: field(positive, "Time between two looks at a node."),
      detector: field(detector, "When a monitor takes the leader for dead."),
      choose: field(choose, "Which follower is promoted."),
      maximumLagBytes: field(lagLimit, "A follower further behind takes no part; null: no limit."),
      promoteDelay: field(delay, "From the decision to the new leader accepting writes, in ms."),
      reconfigureDelay: field(delay, "Until the old leader and the followers are told, in ms."),
      stonithMs: field(
        orNull(duration()),
        "The old leader is switched off before, which takes so long; null: it is not.",
      ),
      stonithFailure: optional(
        oneOf(["proceed", "wait"]),
        "What follows if nothing confirms that the old leader is off. Absent: proceed.",
      ),
      leaderStopsMs: optional(
        positive,
        "A leader not asked by a majority of the monitors for so long stops. Absent: it goes on.",
      ),
      blockMs: field(duration(), "No second failover within so long after one."),
    },
    {
      ...{ monitors: 1, quorum: 1, pollMs: 1000, detector: { kind: "timeout", timeoutMs: 5000 } },
      ...{ choose: "most-advanced", maximumLagBytes: null, promoteDelay: 1000 },
      ...{ reconfigureDelay: 1000, stonithMs: null, blockMs: 0 },
    },
  ),
  manual: alternative(
    "A person decides, some time after the alarm.",
    {
      detector: field(detector, "When the alarm goes off."),
      pollMs: field(positive, "Time between two looks at the leader."),
      reaction: field(delay, "From the alarm to the promotion, in ms."),
      choose: field(choose, "Which follower is promoted."),
    },
    {
      ...{ detector: { kind: "timeout", timeoutMs: 10_000 }, pollMs: 1000 },
      ...{ reaction: { minMs: 300_000, maxMs: 1_800_000 }, choose: "most-advanced" },
    },
  ),
});

const fencing: Shape<Fencing> = record(
  {
    tokens: field(truth, "Messages carry the epoch, and older ones are refused."),
    minFollowers: field(
      orNull(
        record<NonNullable<Fencing["minFollowers"]>>({
          count: field(count, "Followers that must have answered."),
          withinMs: field(positive, "How recently."),
        }),
      ),
      "A leader that hears fewer followers accepts no writes; null: it does not look.",
    ),
  },
  defaultSingleLeaderOptions.fencing,
);

/** Options of replication by one leader. */
export const singleLeaderOptions: Shape<SingleLeaderOptions> = record(
  {
    acknowledgement: field(acknowledgement, "When the leader answers a write."),
    waitPoint: field(
      oneOf(["before-commit", "after-commit"]),
      "Whether reads see a write only after followers acknowledged it, or before.",
    ),
    followerAcknowledges: field(
      oneOf(["received", "durable", "applied"]),
      "When a follower acknowledges: on receipt, after its disk, or when reads see the entry.",
    ),
    leaderDurability: field(
      oneOf(["synced", "unsynced"]),
      "Whether the leader's own disk must have a write before it is answered.",
    ),
    shipping: field(shipping, "How the log travels."),
    entryBytes: field(bytes, "Size of a log entry."),
    logFormat: field(logFormat, "What an entry of the log says."),
    retention: field(retention, "How long the log is kept, and what snapshots cost."),
    failover: field(failover, "Who notices that the leader is gone, and what then happens."),
    fencing: field(fencing, "What keeps a leader that was replaced from doing harm."),
    oldLeader: field(oneOf(returns), "What an old leader does with entries the new one lacks."),
  },
  defaultSingleLeaderOptions,
);
