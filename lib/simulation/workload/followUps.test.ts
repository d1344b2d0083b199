import { expect, test } from "vitest";
import { kolmogorov } from "../../../test/support/idleWorld.ts";
import { type Asked, operationsOf } from "../../../test/support/keyValueWorld.ts";
import type { WorkloadSpec } from "./workloadSpec.ts";

const plain: WorkloadSpec = {
  clients: [{ nodes: { kind: "role", role: "client" } }],
  keys: { kind: "uniform", count: 10 },
  sessions: { perClient: 3, devices: 2, deviceSites: "spread" },
  mix: { read: 0.5, write: 0.5 },
  arrivals: { kind: "poisson", rate: { kind: "perClient", perS: 500 } },
};
const closed = { kind: "closed", thinkMs: { kind: "exponential", meanMs: 3 } } as const;

const before = (seen: readonly Asked[], { operation }: Asked) =>
  operation.after === undefined ? undefined : seen[operation.after];

/** Of these, the share which something follows, within 4 standard errors. */
function expectFollowed(seen: readonly Asked[], of: readonly Asked[], share: number): void {
  const followed = new Set(seen.map(({ operation }) => operation.after));
  const count = of.filter(({ operation }) => followed.has(operation.id)).length;
  const error = Math.sqrt((share * (1 - share)) / of.length);
  expect(Math.abs(count / of.length - share)).toBeLessThanOrEqual(4 * error);
}

// 20 s at 1000 requests a second, about 10,000 writes; the last ones may be answered after the end.
test.each([
  ["open", "same"],
  ["open", "next"],
  ["closed", "next"],
] as const)(
  "%s: a share of the writes is read by the same session, on the %s device",
  (kind, device) => {
    const delayMs = { kind: "exponential", meanMs: 6 } as const;
    const seen = operationsOf(
      {
        ...plain,
        ...(kind === "closed" && { arrivals: closed }),
        readAfterWrite: { share: 0.3, delayMs, device },
        stopAtMs: 20_000,
      },
      { durationMs: 20_100 },
    );
    const reads = seen.filter((asked) => before(seen, asked) !== undefined);
    for (const read of reads) {
      const write = before(seen, read)!;
      expect([write.operation.kind, read.operation.kind]).toEqual(["write", "read"]);
      expect(read.operation.key).toBe(write.operation.key);
      expect(read.operation.session).toBe(write.operation.session);
      const moved = device === "next" ? 1 : 0;
      expect(read.operation.device).toBe((write.operation.device + moved) % 2);
      const home = Math.floor(read.operation.session / 3);
      expect(read.node).toBe(1 + ((home + read.operation.device) % 2));
    }
    const delays = reads.map((read) => read.timeMs - before(seen, read)!.completedMs);
    expect(kolmogorov(delays, (x) => -Math.expm1(-x / 6))).toBeLessThan(2.28);
    const writes = seen.filter(
      ({ operation, completedMs }) => operation.kind === "write" && completedMs < 19_900,
    );
    expectFollowed(seen, writes, 0.3);
    // Of kinds, without those that follow.
    const first = seen.filter(({ operation }) => operation.after === undefined);
    expectFollowed(
      seen,
      first.filter(({ operation }) => operation.kind === "read"),
      0,
    );
  },
);

const conversations = { writeShare: 0.4, readShare: 0.2, distance: 3, delayMs: 5 };

test.each(["open", "closed"])("%s: answers and those who read them", (kind) => {
  const seen = operationsOf(
    {
      ...{ ...plain, conversations, stopAtMs: 20_000 },
      ...(kind === "closed" && { arrivals: closed }),
    },
    { durationMs: 20_100 },
  );
  const later = seen.filter((asked) => asked.operation.after !== undefined);
  for (const second of later) {
    const first = before(seen, second)!;
    expect(first.operation.kind).toBe("read");
    expect(second.operation.session).toBe(first.operation.session);
    expect(second.operation.device).toBe(first.operation.device);
    expect(second.timeMs - first.completedMs).toBeCloseTo(5, 9);
    // An answer is written after what it answers was read; a reader goes the other way.
    const [answer, answered] =
      second.operation.kind === "write" ? [second, first] : [first, second];
    expect(answered.operation.key).toBe((answer.operation.key + 3) % 10);
  }
  const settled = seen.filter(({ completedMs }) => completedMs < 19_900);
  const answers = settled.filter(
    ({ operation }) => operation.kind === "write" && operation.after !== undefined,
  );
  const writes = settled.filter(({ operation }) => operation.kind === "write");
  const error = Math.sqrt((0.4 * 0.6) / writes.length);
  expect(Math.abs(answers.length / writes.length - 0.4)).toBeLessThan(4 * error);
  // Of the reads that are no part of an answer and found something, a share goes on.
  const partOfAnswer = new Set(
    later
      .filter(({ operation }) => operation.kind === "write")
      .map(({ operation }) => operation.after),
  );
  const reads = settled.filter(
    ({ operation, completion }) =>
      operation.kind === "read" &&
      operation.after === undefined &&
      completion?.value !== null &&
      !partOfAnswer.has(operation.id),
  );
  expectFollowed(seen, reads, 0.2);
});

// About 10,000 writes: whether it is an answer says nothing of whether its user looks at it.
test("answers are looked at as often as other writes", () => {
  const readAfterWrite = { share: 0.3, delayMs: 0, device: "same" } as const;
  const spec: WorkloadSpec = { ...plain, conversations, readAfterWrite, stopAtMs: 20_000 };
  const seen = operationsOf(spec, { durationMs: 20_100 });
  const isWrite = ({ operation, completedMs }: Asked) =>
    operation.kind === "write" && completedMs < 19_900;
  const [answers, others] = [true, false].map((isAnswer) =>
    seen.filter((asked) => isWrite(asked) && (before(seen, asked) !== undefined) === isAnswer),
  );
  expectFollowed(seen, answers!, 0.3);
  expectFollowed(seen, others!, 0.3);
});

/**
 * The rule of `Conversations`: an answer seen, what it answers may not be older than it was when it was
 * answered.
 */
function brokenPrefixes(seen: readonly Asked[]): number {
  return seen.filter((second) => {
    const first = before(seen, second);
    if (second.operation.kind !== "read" || first?.operation.kind !== "read") return false;
    const write = seen[first.completion!.value!]!;
    const answered = before(seen, write);
    return answered !== undefined && second.completion!.version < answered.completion!.version;
  }).length;
}

test("an observer tells a broken prefix: one half of the keys lags behind for some", () => {
  const spec: WorkloadSpec = { ...plain, conversations, stopAtMs: 4900 };
  expect(brokenPrefixes(operationsOf(spec, { durationMs: 5000 }))).toBe(0);
  // Users of the second client find in even keys what was there 60 operations before.
  const old = new Map<number, number[]>();
  const seen = operationsOf(spec, {
    durationMs: 5000,
    answer: ({ id, key, kind, session }, completion) => {
      // The first operation of a run.
      if (id === 0) old.clear();
      const found = old.get(key) ?? [];
      old.set(key, found);
      const now = completion.version;
      if (kind === "write") found.push(now);
      if (kind !== "read" || key % 2 === 1 || session < 3) return completion;
      const version = found.findLast((each) => each < now - 60) ?? 0;
      return { ...completion, version, value: version === 0 ? null : version - 1 };
    },
  });
  expect(brokenPrefixes(seen)).toBeGreaterThan(10);
});

test("an answer is not written, and nothing looked at, after what did not end ok", () => {
  const readAfterWrite = { share: 1, delayMs: 0, device: "same" } as const;
  const spec: WorkloadSpec = {
    ...{ ...plain, readAfterWrite, mix: { write: 1 } },
    conversations: { ...conversations, writeShare: 0.5 },
  };
  for (const outcome of ["failed", "indefinite"] as const) {
    const seen = operationsOf(spec, { answer: (_, completion) => ({ ...completion, outcome }) });
    expect(seen.length).toBeGreaterThan(900);
    expect(seen.every(({ operation }) => operation.after === undefined)).toBe(true);
  }
  // All well: the answer is read, as any other write.
  const seen = operationsOf(spec);
  const looks = seen.filter((asked) => before(seen, asked)?.operation.kind === "write");
  expect(looks.some((look) => before(seen, before(seen, look)!) !== undefined)).toBe(true);
});

test("readers of a key that holds nothing do not go on", () => {
  const spec: WorkloadSpec = {
    ...{ ...plain, mix: { read: 1 } },
    conversations: { ...conversations, readShare: 1 },
  };
  const seen = operationsOf(spec);
  expect(seen.length).toBeGreaterThan(900);
  expect(seen.every(({ operation }) => operation.after === undefined)).toBe(true);
});

test("reads of the latest keys prefer what has just been acknowledged", () => {
  const spec: WorkloadSpec = {
    ...plain,
    keys: { kind: "latest", count: 1000, exponent: 1, window: 1 },
  };
  const seen = operationsOf(spec, { durationMs: 5000 });
  const isWrite = ({ operation }: Asked) => operation.kind === "write";
  for (const read of seen.filter((asked) => !isWrite(asked)).slice(50)) {
    const acknowledged = seen
      .filter((asked) => isWrite(asked) && asked.completedMs < read.timeMs)
      .sort((a, b) => a.completedMs - b.completedMs);
    expect(read.operation.key).toBe(acknowledged.at(-1)!.operation.key);
  }
});

test("a write that failed is not among the latest", () => {
  const spec: WorkloadSpec = {
    ...{ ...plain, mix: { read: 0.5, write: 0.5 } },
    keys: { kind: "latest", count: 1000, exponent: 1, window: 1 },
  };
  const kept = operationsOf(spec);
  const failing = operationsOf(spec, {
    answer: (_, completion) => ({ ...completion, outcome: "failed" }),
  });
  const distinctReads = (seen: readonly Asked[]) =>
    new Set(
      seen
        .filter(({ operation }) => operation.kind === "read")
        .map(({ operation }) => operation.key),
    ).size;
  const reads = failing.filter(({ operation }) => operation.kind === "read").length;
  // Uniform over 1000 keys: 1000 (1 - e^(-n / 1000)) distinct ones, standard deviation below 13.
  expect(Math.abs(distinctReads(failing) - 1000 * -Math.expm1(-reads / 1000))).toBeLessThan(52);
  expect(distinctReads(kept)).toBeLessThan(distinctReads(failing) - 52);
});
