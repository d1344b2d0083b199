import { defaultConfidence, type Estimate, needConfidence } from "./estimate.ts";
import { type LogHistogram, valueOfRank } from "./logHistogram.ts";
import type { IntervalOptions } from "./meanEstimate.ts";
import { needInteger, needNumber } from "./need.ts";
import { rankInterval } from "./rankInterval.ts";

/**
 * Quantile of a distribution of values >= 0 from a histogram of a sample.
 *
 * The interval lies between two order statistics, as that of `quantileEstimate`, and is widened
 * outward to the edges of their bins, so that it covers as often as it says. The value is within
 * 0.1 % of the sample's. Where the sample is too small to bound the quantile, the upper end is
 * infinite.
 *
 * @param p probability to the left of the quantile, in (0, 1)
 * @throws {RangeError} if the histogram is empty, or `p` or the confidence out of range
 */
export function histogramQuantile(
  histogram: LogHistogram,
  p: number,
  options: IntervalOptions = {},
): Estimate {
  const where = "histogramQuantile";
  needNumber(where, "p", p, { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true });
  const confidence = needConfidence(where, options.confidence ?? defaultConfidence);
  const trials = histogram.counts.reduce((sum, count) => sum + count, histogram.zeros);
  needInteger(where, "number of values", trials, { min: 1 });
  const ranks = rankInterval({ trials, p, confidence });
  return {
    value: valueOfRank(histogram, ranks.value).middle,
    low: ranks.low < 1 ? 0 : valueOfRank(histogram, ranks.low).low,
    high: valueOfRank(histogram, ranks.high).high,
    confidence,
    trials,
    method: "order-statistic",
  };
}
