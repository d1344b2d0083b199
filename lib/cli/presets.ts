import { Command } from "commander";
import { tableText } from "../core/tableText.ts";
import type { Evidence, Preset, PresetParameter } from "../presets/preset.ts";
import { presetAndFault, presetScenario } from "../presets/presetScenario.ts";
import { presets } from "../presets/presets.ts";

const examples = `
Examples:
  $ quorumlab presets
  $ quorumlab presets patroni
  $ quorumlab presets patroni --scenario > mine.json   # the whole scenario, to change
  $ quorumlab presets patroni/isolation --scenario     # the same with the other fault
  $ quorumlab simulate preset:patroni --runs 100
  $ quorumlab simulate preset:patroni/isolation        # the leader's zone is cut off, with clients in it

Each number is marked by what it rests on: read in the source named, known but not looked up, or assumed.`;

const marks: Record<Evidence, string> = {
  documented: "documented",
  memory: "from memory",
  assumed: "assumed",
};

/** The command `quorumlab presets`. */
export function presetsCommand(): Command {
  return new Command("presets")
    .description("Real systems as scenarios: lists them, or explains one with its sources.")
    .argument("[name]", "the preset to explain; NAME/isolation: with that fault")
    .option("--scenario", "print the scenario of the preset as JSON")
    .option("--json", "print JSON")
    .addHelpText("after", examples)
    .action((name: string | undefined, options: { scenario?: true; json?: true }) => {
      process.stdout.write(`${textOf(name, options)}\n`);
    });
}

function textOf(name: string | undefined, options: { scenario?: true; json?: true }): string {
  if (name === undefined) return options.json ? JSON.stringify(presets) : listing();
  const { preset, fault } = presetAndFault(name);
  if (options.scenario) return JSON.stringify(presetScenario(preset.name, fault), null, 2);
  return options.json ? JSON.stringify(preset) : explanation(preset);
}

function listing(): string {
  const rows = presets.map(({ name, title, setup }) => ({
    ...{ name, system: title, acknowledgement: setup.options.acknowledgement.kind },
    ...{ failover: setup.options.failover.kind, replicas: setup.replicas },
  }));
  const names = ["name", "system", "acknowledgement", "failover", "replicas"];
  const columns = names.map((name) => ({ name, kind: "text" as const }));
  return tableText({ columns, rows, complete: true });
}

function explanation(preset: Preset): string {
  const { title, failover, lossBound, leftOut, parameters, sources } = preset;
  return [
    title,
    "",
    `Failover: ${failover}`,
    `Loss of acknowledged writes: ${lossBound}`,
    "",
    parameterTable(parameters),
    "",
    "Not expressed:",
    ...leftOut.map((each) => `  - ${each}`),
    "",
    "Sources:",
    ...sources.map((each) => `  - ${each}`),
  ].join("\n");
}

function parameterTable(parameters: readonly PresetParameter[]): string {
  const rows = parameters.map(({ name, value, unit, evidence, sets }) => ({
    parameter: name,
    value: `${value}${unit === "" ? "" : ` ${unit}`}`,
    "rests on": marks[evidence],
    sets: sets.join(", "),
  }));
  const columns = Object.keys(rows[0]!).map((name) => ({ name, kind: "text" as const }));
  return tableText({ columns, rows, complete: true }, { rowLimit: rows.length });
}
