import { needRecord } from "../core/need.ts";
import { checkScenario } from "./checkScenario.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioShape } from "./scenarioShape.ts";

/**
 * A scenario from its JSON: fields left out are those of `defaultScenario`, durations may be texts such as
 * `"5 s"`, and a choice (an object with a `kind`) is taken as a whole, with its own defaults.
 *
 * Reading a scenario that was read before changes nothing.
 *
 * @param value plain data; a field `$schema` beside the others is for editors
 * @param where function that errors name
 * @throws {RangeError} naming the path, what is accepted and what was given, if a field is unknown or out
 * of range, or fields contradict each other
 * @example
 * scenarioFromJson({ durationMs: "2 min" }).durationMs; // => 120000
 */
export function scenarioFromJson(value: unknown, where = "scenarioFromJson"): Scenario {
  const scenario = completeScenario(value, where);
  checkScenario(scenario, where);
  return scenario;
}

/** As `scenarioFromJson`, but fields may contradict each other: more of them are still to be set. */
export function completeScenario(value: unknown, where: string): Scenario {
  const { $schema: _schema, ...fields } = needRecord(where, "the scenario", value);
  return scenarioShape.read(fields, { where, path: "" });
}
