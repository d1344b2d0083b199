import { Command } from "commander";
import { needOneOf } from "../core/need.ts";

const examples = `
Example:
  $ quorumlab schema scenario > scenario.schema.json
  and in the scenario: { "$schema": "./scenario.schema.json", ... }`;

/** The command `quorumlab schema`: prints the JSON Schema of what the commands read. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("JSON Schema (draft 2020-12) of a file that a command reads, for editors.")
    .argument("<what>", "scenario: what quorumlab simulate reads")
    .addHelpText("after", examples)
    .action(async (what: string) => {
      needOneOf("schema", "what", what, ["scenario"]);
      const { scenarioSchema } = await import("../scenarios/scenarioSchema.ts");
      process.stdout.write(`${JSON.stringify(scenarioSchema(), undefined, 2)}\n`);
    });
}
