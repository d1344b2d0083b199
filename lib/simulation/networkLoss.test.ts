import { expect, test } from "vitest";
import { LinkLosses } from "./networkLoss.ts";
import type { LossSpec } from "./networkSpec.ts";

function lossesOf(loss: LossSpec | undefined, count: number): boolean[] {
  const losses = new LinkLosses([undefined, loss]);
  losses.reset(1);
  return Array.from({ length: count }, () => losses.isLost(1));
}

function shareOf(lost: readonly boolean[]): number {
  return lost.filter((isLost) => isLost).length / lost.length;
}

// 400,000 messages each: within 4 sqrt(p q / n).
test.each([0, 0.001, 0.2, 1])("independent: a share of %d is lost", (probability) => {
  const share = shareOf(lossesOf({ kind: "independent", probability }, 400_000));
  const error = Math.sqrt((probability * (1 - probability)) / 400_000);
  expect(Math.abs(share - probability)).toBeLessThanOrEqual(4 * error);
});

const bursts = { kind: "bursts", enterProbability: 0.02, leaveProbability: 0.1 } as const;
const gilbert = { ...bursts, lossWhenGood: 0, lossWhenBad: 1 };
const elliott = { ...bursts, lossWhenGood: 0.01, lossWhenBad: 0.6 };

/**
 * Long-run share of losses, and the standard error of the share among n messages: the states of
 * messages k apart correlate as (1 - enter - leave)^k.
 */
function closedForm(
  { enterProbability: enter, leaveProbability: leave, ...loss }: typeof elliott,
  n: number,
) {
  const bad = enter / (enter + leave);
  const share = (1 - bad) * loss.lossWhenGood + bad * loss.lossWhenBad;
  const memory = 1 - enter - leave;
  const spread = (loss.lossWhenBad - loss.lossWhenGood) ** 2 * bad * (1 - bad);
  const variance = share * (1 - share) + (2 * spread * memory) / (1 - memory);
  return { share, error: Math.sqrt(variance / n) };
}

// 1,000,000 messages each.
test.each([gilbert, elliott])(
  "bursts: the long-run share is enter / (enter + leave) of ...",
  (loss) => {
    const lost = lossesOf(loss, 1_000_000);
    const { share, error } = closedForm(loss, lost.length);
    expect(Math.abs(shareOf(lost) - share)).toBeLessThan(4 * error);
  },
);

// Some 16,700 bursts in 1,000,000 messages; their lengths are geometric: standard deviation
// sqrt(1 - leave) / leave.
test("bursts: if the bad state loses all, a burst is 1 / leave messages long on average", () => {
  const lost = lossesOf(gilbert, 1_000_000);
  const total = lost.filter((isLost) => isLost).length;
  const count = lost.filter((isLost, i) => isLost && lost[i - 1] !== true).length;
  expect(count).toBeGreaterThan(16_000);
  const error = Math.sqrt(0.9) / 0.1 / Math.sqrt(count);
  expect(Math.abs(total / count - 10)).toBeLessThan(4 * error);
});

// 20,000 runs of one message.
test("bursts: it begins as it goes on", () => {
  const losses = new LinkLosses([gilbert]);
  const lost = Array.from({ length: 20_000 }, (_, seed) => {
    losses.reset(seed);
    return losses.isLost(0);
  });
  const share = 0.02 / 0.12;
  const error = Math.sqrt((share * (1 - share)) / lost.length);
  expect(Math.abs(shareOf(lost) - share)).toBeLessThan(4 * error);
});

test("bursts: another run of the same seed loses the same, whatever was before", () => {
  const losses = new LinkLosses([{ ...gilbert, enterProbability: 1, leaveProbability: 0.5 }]);
  const run = (seed: number) => {
    losses.reset(seed);
    return Array.from({ length: 20 }, () => losses.isLost(0));
  };
  const first = run(1);
  for (let seed = 2; seed < 22; seed++) {
    run(seed);
    expect(run(1)).toEqual(first);
  }
});

// 200,000 messages: P(k losses in a row) = p^k q, each within 4 standard errors.
test.each<LossSpec>([
  { kind: "independent", probability: 0.3 },
  // With these, states do not depend on each other and both lose alike.
  {
    ...{ kind: "bursts", enterProbability: 0.4, leaveProbability: 0.6 },
    ...{ lossWhenGood: 0.3, lossWhenBad: 0.3 },
  },
])("losses in a row are geometric, whether drawn at once or one by one", (loss) => {
  const losses = new LinkLosses([loss]);
  losses.reset(1);
  const counts = new Array<number>(65).fill(0);
  const messages = 200_000;
  for (let i = 0; i < messages; i++) counts[losses.lossesInRow(0, 64)]!++;
  for (let k = 0; k < 8; k++) {
    const probability = 0.3 ** k * 0.7;
    const error = Math.sqrt((probability * (1 - probability)) / messages);
    expect(Math.abs(counts[k]! / messages - probability)).toBeLessThan(4 * error);
  }
});

test("a link that always loses is given up at the limit", () => {
  const losses = new LinkLosses([{ kind: "independent", probability: 1 }]);
  losses.reset(1);
  expect(losses.lossesInRow(0, 7)).toBe(7);
});
