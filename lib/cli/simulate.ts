import { Command, Option } from "commander";
import { refuse } from "../core/need.ts";
import { badOutcomes } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { SimulateOptions, SimulationResult } from "../scenarios/simulate.ts";
import type { Outputs } from "./simulateFiles.ts";
import type { ShownRun } from "./simulateOneRun.ts";
import type { SimulateFlags } from "./simulateOptions.ts";

/** What runs the scenario; tests put another one in its place. */
export type SimulateEngine = (
  scenario: Scenario,
  options: SimulateOptions,
  workers: number,
) => SimulationResult | undefined | Promise<SimulationResult | undefined>;

const examples = `
Scenarios:
  <file>.json       fields left out have their defaults; "quorumlab schema scenario" describes them all
  preset:<name>     a real system as it is shipped, whose leader dies: preset:patroni, preset:etcd, ...

Examples:
  $ quorumlab simulate preset:patroni --runs 200 --workers 4
  $ quorumlab simulate preset:etcd --metrics unavailableMs,lostAcknowledgedWrites
      --set 'faults=[{"what":{"kind":"pause","target":{"kind":"leader"},"lastsMs":"10 s"},
      "when":{"kind":"at","atMs":"20 s"}}]'
  $ quorumlab simulate mine.json --set protocol.options.acknowledgement.kind=majority --json
  $ quorumlab simulate mine.json --trace run.html --history run.jsonl
  $ quorumlab simulate mine.json --witness lostAcknowledgedWrites --trace lost.html
  $ quorumlab simulate mine.json --run-seed 77 --trace run.html   # one run, by the seed that was printed
  $ quorumlab simulate --list-metrics

A value of --set is JSON, or a text if it is none; times are ms or have a unit ("5 s"). A new "kind"
brings its own defaults. --trace and --history show one run: of the first ones that in which the worst
happened, else the first of all; its own seed is in the page and, with the
command that replays it, on standard error. --witness looks for a run among
--runs in which something goes wrong (${badOutcomes.slice(0, 2).join(", ")}, ...: metrics above 0) and
shrinks it to the operations and faults that it takes.

With --json: one line; what could not be measured, and a bound that does not exist, is null.`;

/** Exit code after Ctrl+C: 128 + SIGINT. */
const interrupted = 130;

/** The command `quorumlab simulate`. */
export function simulateCommand(engine?: SimulateEngine): Command {
  return new Command("simulate")
    .description("Runs a scenario many times: lost writes, stale reads, downtime, with intervals.")
    .argument("[scenario]", "a JSON file, or preset:NAME")
    .addOption(
      new Option("--set <path=value>", "change the scenario at a path; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--runs <count>", "independent runs", "100")
    .option("--seed <integer>", "seed of all random draws", "1")
    .addOption(
      new Option("--run-seed <integer>", "exactly one run, by its own seed").conflicts([
        ...["runs", "seed", "witness"],
      ]),
    )
    .option("--confidence <probability>", "of every interval", "0.95")
    .option("--workers <count>", "threads that share the runs", "1")
    .option("--metrics <names>", "only these, separated by commas")
    .option("--list-metrics", "explain the metrics and end")
    .option("--trace <file.html>", "write the space-time diagram of one run")
    .option("--history <file.jsonl>", "write the operations of one run, one JSON object a line")
    .option("--witness <outcome>", "show the smallest run in which it happens, and nothing else")
    .option("--json", "print one line of JSON")
    .addHelpText("after", examples)
    .action(async (source: string | undefined, flags: SimulateFlags) => {
      if (flags.listMetrics) return listMetrics();
      if (source === undefined) refuse("simulate", "scenario", "a file or preset:NAME", "nothing");
      await run(source, flags, engine ?? (await defaultEngine()));
    });
}

async function run(source: string, flags: SimulateFlags, engine: SimulateEngine): Promise<void> {
  const { runSeedOf, scenarioOf, simulateOptionsOf, witnessOf, workersOf } = await import(
    "./simulateOptions.ts"
  );
  const { needSimulateOptions } = await import("../scenarios/simulate.ts");
  const { needOutputs } = await import("./simulateFiles.ts");
  // All that was typed is checked before any work is done.
  const options = needSimulateOptions(simulateOptionsOf(flags));
  const workers = workersOf(flags);
  const runSeed = runSeedOf(flags);
  const outputs = needOutputs(source, flags);
  const outcome = witnessOf(flags);
  const scenario = await scenarioOf(source, flags.set);
  const { lateFaultWarnings } = await import("./simulateWarnings.ts");
  for (const warning of lateFaultWarnings(scenario)) process.stderr.write(`${warning}\n`);
  const scenarioSource = { source, set: flags.set };
  if (outcome !== undefined) {
    const { printWitness } = await import("./simulateWitness.ts");
    return printWitness(scenario, outcome, {
      ...{ runs: options.runs, seed: options.seed, scenarioSource, outputs, json: flags.json },
    });
  }
  if (runSeed !== undefined) {
    const { simulateOneRun } = await import("./simulateOneRun.ts");
    const { result, run } = simulateOneRun(scenario, runSeed, options);
    await writeOne(scenario, run, outputs);
    return print(result, "runSeed", flags);
  }
  const result = await engine(scenario, options, workers);
  if (result === undefined) {
    process.exitCode = interrupted;
    return;
  }
  if (Object.keys(outputs).length > 0) {
    const { notableRun } = await import("../scenarios/notableRun.ts");
    const notable = notableRun(scenario, options);
    await writeOne(scenario, notable, outputs);
    const { replayText } = await import("./simulateReplay.ts");
    process.stderr.write(`replay: ${replayText(scenarioSource, notable.seed)}\n`);
  }
  await print(result, "seed", flags);
}

/** Writes what was asked for of one run, and says on standard error which. */
async function writeOne(scenario: Scenario, run: ShownRun, outputs: Outputs): Promise<void> {
  if (Object.keys(outputs).length === 0) return;
  const { writeRun } = await import("./simulateFiles.ts");
  const { runText } = await import("./simulateOneRun.ts");
  const files = await writeRun(scenario, run, outputs);
  process.stderr.write(`${files}: ${runText(run)}\n`);
}

async function print(
  result: SimulationResult,
  seedName: "seed" | "runSeed",
  { json }: SimulateFlags,
): Promise<void> {
  const textOf = json
    ? (await import("./simulateJson.ts")).simulateJson
    : (await import("./simulateText.ts")).simulateText;
  process.stdout.write(`${textOf(result, seedName)}\n`);
}

async function defaultEngine(): Promise<SimulateEngine> {
  return (await import("./simulateOnWorkers.ts")).simulateOnWorkers;
}

async function listMetrics(): Promise<void> {
  const { metricListText } = await import("./simulateText.ts");
  process.stdout.write(`${metricListText()}\n`);
}

function collect(setting: string, settings: readonly string[]): readonly string[] {
  return [...settings, setting];
}
