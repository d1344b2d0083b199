import { assertNever } from "../../core/assert.ts";
import type { Estimate } from "../../core/estimate.ts";
import type { IntervalOptions } from "../../core/meanEstimate.ts";
import { proportion } from "../../core/proportion.ts";
import { boundedMean } from "./boundedMean.ts";
import { clusteredProportion, ratioEstimate } from "./clusteredEstimates.ts";
import { clusteredQuantile } from "./clusteredHistogram.ts";
import { type MetricDefinition, metricDefinitions } from "./metricDefinitions.ts";
import type { RunMetrics } from "./runMetrics.ts";

/**
 * The estimate of a metric from what was counted in independent runs; `null` if there was nothing to
 * measure, for example the losses of a protocol that does not tell who leads.
 *
 * @param options confidence, in (0, 1)
 * @throws {RangeError} if the confidence is out of range
 */
export function estimateMetric(
  { kind }: MetricDefinition,
  metrics: RunMetrics,
  options: IntervalOptions = {},
): Estimate | null {
  switch (kind.kind) {
    case "proportion": {
      const moments = metrics.ratios[kind.of];
      return moments === undefined ? null : clusteredProportion(moments, options);
    }
    case "ratio": {
      const moments = metrics.ratios[kind.of];
      return moments === undefined
        ? null
        : ratioEstimate(moments, { ...options, bound: kind.bound ?? Infinity });
    }
    case "mean": {
      const moments = metrics.means[kind.of];
      return moments === undefined ? null : boundedMean(moments, options);
    }
    case "runShare": {
      const moments = metrics.means[kind.of];
      if (moments === undefined) return null;
      const { count: trials, mean: hitShare } = moments;
      return proportion({ hits: Math.round(hitShare * trials), trials, ...options });
    }
    case "quantile": {
      const histogram = metrics.histograms[kind.of];
      const quantile = histogram && clusteredQuantile(histogram, kind.p, options);
      return quantile && kind.isWhole ? whole(quantile) : (quantile ?? null);
    }
    default:
      return assertNever(kind);
  }
}

/**
 * All metrics that could be measured, by name, in the order of `metricDefinitions`.
 *
 * @param options confidence, in (0, 1)
 * @throws {RangeError} if the confidence is out of range
 */
export function estimateMetrics(
  metrics: RunMetrics,
  options: IntervalOptions = {},
): Readonly<Record<string, Estimate>> {
  const estimates = metricDefinitions.flatMap((definition) => {
    const estimate = estimateMetric(definition, metrics, options);
    return estimate === null ? [] : [[definition.name, estimate] as const];
  });
  return Object.fromEntries(estimates);
}

/** Of a count: bins up to 1,024 hold one whole number each, larger ones are bounded from outside. */
function whole(estimate: Estimate): Estimate {
  const { value, low, high } = estimate;
  return { ...estimate, value: Math.floor(value), low: Math.floor(low), high: Math.floor(high) };
}
