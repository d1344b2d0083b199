import { scenarioShape } from "./scenarioShape.ts";
import type { Definitions, JsonSchema } from "./shapes/shape.ts";

/**
 * JSON Schema of a scenario (draft 2020-12), for editors: every field with its meaning, range and default.
 *
 * Made from what checks scenarios. It refuses nothing that `scenarioFromJson` accepts; that also checks
 * what a schema cannot say, such as whether a region exists.
 */
export function scenarioSchema(): JsonSchema {
  const definitions: Definitions = {};
  const scenario = scenarioShape.schema(definitions);
  const properties = scenario.properties as JsonSchema;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Scenario of quorumlab",
    description: "What runs where, on what network, who asks, what breaks, and for how long.",
    ...scenario,
    // Editors are told about the schema in the file itself.
    properties: { $schema: { type: "string" }, ...properties },
    $defs: definitions,
  };
}
