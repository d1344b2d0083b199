import { scenarioNodes } from "./nodes.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";
import type { ScriptedOperation } from "./scriptActor.ts";

/** What clients ask for in a run, as a script that asks the same. */
export function recordScript(scenario: Scenario, seed: number): readonly ScriptedOperation[] {
  const script: ScriptedOperation[] = [];
  const firstClient = scenarioNodes(scenario).findIndex(({ kind }) => kind === "client");
  const runner = new ScenarioRunner(scenario, {
    observers: [
      {
        invoked({ kind, key, session, device, after }, node, atMs) {
          const asked = { atMs, client: node - firstClient, kind, key, session, device };
          script.push(after === undefined ? asked : { ...asked, after });
        },
      },
    ],
  });
  runner.run(seed);
  return script;
}

/** Some of the operations of a script, by their indices, rising; what they follow is counted anew. */
export function partOfScript(
  script: readonly ScriptedOperation[],
  indices: readonly number[],
): readonly ScriptedOperation[] {
  const places = new Map(indices.map((index, place) => [index, place]));
  return indices.map((index) => {
    const { after, ...operation } = script[index]!;
    const place = after === undefined ? undefined : places.get(after);
    return place === undefined ? operation : { ...operation, after: place };
  });
}
