import { Command } from "commander";
import type { StalenessAnswer, StalenessQuestion } from "../quorum/question.ts";
import { stalenessJson } from "./stalenessJson.ts";
import { needWorkers, type StalenessOptions, stalenessQuestion } from "./stalenessOptions.ts";
import { stalenessText } from "./stalenessText.ts";

/** What answers the question; tests put another one in its place. */
export type StalenessEngine = (
  question: StalenessQuestion,
  workers: number,
) => StalenessAnswer | Promise<StalenessAnswer>;

const examples = `
Latencies:
  lnkd-ssd, lnkd-disk, ymmr, wan   fits of production systems (Bailis et al., PVLDB 2012)
  exp:<lambdaW>,<lambdaARS>        exponential, rates in 1/ms: write message, other messages
  <file>.json                      your own: what JSON.stringify gives for a latency of the library
                                   (identicalReplicas, perReplica, localReplica, placedReplicas), e.g.
    {"kind":"identical","name":"mine","legs":{"w":{"kind":"exponential","meanMs":"5 ms"},
     "a":{"kind":"constant","valueMs":1},"r":{"kind":"constant","valueMs":1},"s":{"kind":"constant","valueMs":1}}}

Examples:
  $ quorumlab staleness --latency lnkd-disk --n 3 --r 1 --w 1 --at 0,10,50 --visibility 0.999
  $ quorumlab staleness --latency exp:0.1,1 --at "0, 10 ms, 2 s" --method count --trials 1e7 --json

With --json: one line; a bound that does not exist (infinite) is null.`;

/** The command `quorumlab staleness`. */
export function stalenessCommand(engine?: StalenessEngine): Command {
  return new Command("staleness")
    .description("How often reads are stale under partial quorums, with intervals.")
    .requiredOption("--latency <name>", "latency of messages: a name or a JSON file, see below")
    .option("--n <count>", "replicas", "3")
    .option("--r <count>", "replies that a read waits for", "1")
    .option("--w <count>", "acknowledgements that a write waits for", "1")
    .option("--at <times>", "after the commit, reads start: ms, or with a unit", "0")
    .option("--visibility <probability>", "of a fresh read, for t-visibility", "0.999")
    .option("--method <method>", "exact (mean of exact probabilities) or count", "exact")
    .option("--trials <count>", "random trials (default: 1e5 for exact, 1e6 for count)")
    .option("--seed <integer>", "seed of all random draws", "1")
    .option("--confidence <probability>", "of every interval", "0.95")
    .option("--workers <count>", "threads that share the trials of count", "1")
    .option("--json", "print one line of JSON")
    .addHelpText("after", examples)
    .action(async (options: StalenessOptions) => {
      const question = await stalenessQuestion(options);
      const workers = needWorkers(options.workers);
      const answer = await (engine ?? (await defaultEngine()))(question, workers);
      const text = options.json ? stalenessJson(answer) : stalenessText(answer);
      process.stdout.write(`${text}\n`);
    });
}

async function defaultEngine(): Promise<StalenessEngine> {
  return (await import("./stalenessOnWorkers.ts")).stalenessOnWorkers;
}
