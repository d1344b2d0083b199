import { expect, test } from "vitest";
import { type JsonSchema, schemaErrors } from "../../test/jsonSchema.ts";
import { scenarioSchema } from "../scenarios/scenarioSchema.ts";
import { presetScenario } from "./presetScenario.ts";
import { presetNames } from "./presets.ts";

const schema = scenarioSchema() as JsonSchema;

test.each(presetNames)("%s is a scenario, by the reader and by the schema", (name) => {
  const scenario = presetScenario(name);
  expect(scenario.name).toBe(name);
  expect(schemaErrors(schema, JSON.parse(JSON.stringify(scenario)))).toEqual([]);
});

test("an unknown preset is refused with the names there are", () => {
  expect(presetNames.length).toBeGreaterThan(10);
  expect(() => presetScenario("patron")).toThrow(/one of postgresql, patroni.*got "patron"/);
});
