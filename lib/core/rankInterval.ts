import { binomialCdf } from "./special/incompleteBeta.ts";

/** Ranks, from 1, of the order statistics that estimate and bound a quantile. */
export interface RankInterval {
  /** Largest rank whose value is below the quantile with enough confidence; 0 if there is none. */
  readonly low: number;
  /** Smallest rank with at least a share `p` of the sample at or below it. */
  readonly value: number;
  /** Smallest rank whose value is above the quantile with enough confidence; trials + 1 if none. */
  readonly high: number;
}

/**
 * Which order statistics bound a quantile, by the binomial law of the number of values below it.
 *
 * @param sample number of values, integer >= 1; probability to the left of the quantile, in (0, 1);
 *   confidence of the interval, in (0, 1)
 * @see David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1
 */
export function rankInterval(sample: {
  readonly trials: number;
  readonly p: number;
  readonly confidence: number;
}): RankInterval {
  const { trials, p, confidence } = sample;
  const tail = (1 - confidence) / 2;
  const mirrored = { trials, p: 1 - p };
  const exact = trials * p;
  return {
    low: firstRank(trials, (rank) => binomialCdf(rank, { trials, p }) > tail),
    value: Math.max(1, Math.ceil(exact - 4 * Number.EPSILON * exact)),
    high: firstRank(trials, (rank) => binomialCdf(trials - rank, mirrored) <= tail),
  };
}

/** First rank in [0, trials + 1] for which a condition holds, which holds from there on. */
function firstRank(trials: number, holds: (rank: number) => boolean): number {
  let below = -1;
  let above = trials + 1;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
