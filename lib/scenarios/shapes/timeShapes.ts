import type { DistributionSpec } from "../../core/distribution.ts";
import { distributionFamilies, distributionFromJson } from "../../core/distributions/registry.ts";
import { refuse } from "../../core/need.ts";
import type { Delay } from "../../core/protocol.ts";
import { either, isRecord, named, record } from "./compoundShapes.ts";
import { duration, signedDuration } from "./plainShapes.ts";
import { type Definitions, field, type JsonSchema, nameOf, type Shape } from "./shape.ts";

/** A range of times. */
export interface TimeRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** A range of times, uniform: `minMs` <= `maxMs`. */
export function timeRange(defaults: Partial<TimeRange> = {}): Shape<TimeRange> {
  const plain = record<TimeRange>(
    { minMs: field(duration(), "Least."), maxMs: field(duration(), "Most; not below `minMs`.") },
    defaults,
  );
  return {
    read: (value, place) => {
      const range = plain.read(value, place);
      if (range.minMs <= range.maxMs) return range;
      return refuse(
        place.where,
        `${nameOf(place)}.maxMs`,
        `at least ${range.minMs} ms`,
        range.maxMs,
      );
    },
    schema: plain.schema,
  };
}

/** A fixed time or a range from which it is drawn. */
export const delay: Shape<Delay> = either(isRecord, timeRange(), duration());

/** A distribution of times, read as the library writes it. */
export const distribution: Shape<DistributionSpec> = named("distribution", () => ({
  read: (value, place) => {
    try {
      return distributionFromJson(value).spec;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return refuse(place.where, nameOf(place), `a distribution (${error.message})`, value);
    }
  },
  schema: (definitions) => ({
    anyOf: distributionFamilies.map(({ kind, parameters, summary }) => ({
      ...{ type: "object", description: summary },
      properties: {
        kind: { const: kind },
        ...Object.fromEntries(parameters.map((name) => [name, parameterSchema(name, definitions)])),
      },
      ...{ required: ["kind"], additionalProperties: false },
    })),
  }),
}));

/** A distribution without negative values, of latencies for example. */
export const latencyDistribution: Shape<DistributionSpec> = {
  read: (value, place) => {
    const spec = distribution.read(value, place);
    if (distributionFromJson(spec).support[0] >= 0) return spec;
    return refuse(place.where, nameOf(place), "a distribution without negative values", value);
  },
  schema: distribution.schema,
};

/** A time: fixed, or drawn from a distribution. */
export const time: Shape<number | DistributionSpec> = either(
  isRecord,
  latencyDistribution,
  duration(),
);

/** What a parameter of a distribution is, by its name; the families check the rest. */
function parameterSchema(name: string, definitions: Definitions): JsonSchema {
  const nested = { $ref: "#/$defs/distribution" };
  if (name === "distribution") return nested;
  if (name === "samplesMs") return { type: "array", items: signedDuration.schema(definitions) };
  if (name === "parts") {
    const part = { weight: { type: "number", minimum: 0, maximum: 1 }, distribution: nested };
    return listOf(part);
  }
  if (name === "percentiles") {
    const valueMs = signedDuration.schema(definitions);
    return listOf({ percent: { type: "number", minimum: 0, maximum: 100 }, valueMs });
  }
  const isTime = name.endsWith("Ms") && !name.endsWith("PerMs");
  return isTime ? signedDuration.schema(definitions) : { type: "number" };
}

function listOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const required = Object.keys(properties);
  return { type: "array", minItems: 1, items: { type: "object", properties, required } };
}
