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

test("a fault may stand behind the name, and nothing more", () => {
  expect(presetScenario("etcd/isolation")).toEqual(presetScenario("etcd", "isolation"));
  expect(presetScenario("etcd/crash")).toEqual(presetScenario("etcd"));
  for (const name of ["etcd/isolation/x", "etcd/", "etcd/isolation/", "etcd//isolation"]) {
    expect(() => presetScenario(name), name).toThrow(
      `need name to be etcd, etcd/crash or etcd/isolation, got "${name}"`,
    );
  }
  expect(() => presetScenario("etdc/isolation")).toThrow('(did you mean "etcd"?), got "etdc"');
});
