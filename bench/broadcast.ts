// The simulator against others: a leader that broadcasts, many kinds of messages, many runs, many nodes.
import { median } from "simple-statistics";
import { type Contestant, contestRows } from "./contest.ts";
import { type BenchRow, type BenchTable, readable } from "./rows.ts";
import {
  ownProgram,
  type ProgramRun,
  programInCpp,
  programInSimjs,
  programInSimPy,
} from "./simulationPeers.ts";

/** Two hops, and the second smallest of four sums of two exponentials of mean 1: by integration. */
const exactMeanMs = 3.437789;
/** Standard deviation of the latency of a write, rounded up. */
const deviationMs = 2;
const eventsPerWrite = 11;

/** The table of the simulator; takes about two minutes. */
export function broadcastTable(rounds = 5): BenchTable {
  const own = (mode: string, size: number, flags: readonly string[] = []) =>
    once(ownProgram("broadcastOwn.ts", flags), [mode, size]);
  return {
    title: "Simulator",
    notes: [
      "CPU time of the simulating thread, in processes of their own, all in each round, every other " +
        "round backwards; ratios are medians of the ratios within rounds. What V8 does on threads of " +
        "its own (parts of collecting garbage, compiling) is not counted.",
      "A client writes to a leader, at the times of a Poisson process, which sends to four followers " +
        "and answers after two acknowledgements; about 100 events are pending. All must have the exact " +
        `mean latency, ${exactMeanMs} hops. SimPy: a process a node, with a Store.`,
    ],
    rows: [
      ...leaderRows(rounds),
      ...absolute(
        "12 kinds of messages; regions, jitter, losses, copies, bandwidth",
        "messages/s",
        {
          rates: repeated(
            rounds,
            () => own("kinds", 300_000),
            ({ check }) => check,
          ),
          target: 4e6,
        },
      ),
      ...absolute("Runs of 100 writes (1,100 events)", "runs/s", {
        rates: repeated(
          rounds,
          () => own("short", 5000),
          () => 5000,
        ),
        target: 5000,
      }),
      largeRow(() => own("large", 50_505, ["--expose-gc"])),
    ],
  };
}

function once(
  program: ReturnType<typeof ownProgram>,
  args: readonly (string | number)[],
): ProgramRun {
  if (program.kind === "missing") throw new Error(program.reason);
  return program.run(args);
}

function leaderRows(rounds: number): BenchRow[] {
  const contestant = (
    name: string,
    program: Contestant["program"],
    writes: number,
    more: { target?: number; args?: readonly (string | number)[] } = {},
  ): Contestant => ({
    ...{ name, program, args: [writes], count: eventsPerWrite * writes },
    ...more,
  });
  const contestants = [
    contestant("ours", ownProgram("broadcastOwn.ts"), 300_000, { args: ["plain", 300_000] }),
    contestant("C++, virtual receive", programInCpp("broadcast"), 300_000, { target: 0.6 }),
    contestant("simjs", programInSimjs("broadcastSimjs"), 100_000, { target: 2 }),
    contestant("SimPy, processes", programInSimPy("broadcast"), 20_000, { target: 40 }),
  ];
  const check = (name: string, { check }: ProgramRun, count: number): void => {
    const allowed = (5 * deviationMs) / Math.sqrt(count / eventsPerWrite);
    if (Math.abs(check - exactMeanMs) < allowed) return;
    throw new Error(`${name}: mean latency ${check}, not ${exactMeanMs}`);
  };
  const what = "Leader and four followers";
  return contestRows({ what, unit: "events/s", contestants, check }, rounds);
}

function repeated(
  rounds: number,
  run: () => ProgramRun,
  count: (run: ProgramRun) => number,
): number[] {
  return Array.from({ length: rounds }, () => {
    const done = run();
    return count(done) / done.seconds;
  });
}

function absolute(
  what: string,
  unit: string,
  { rates, target }: { readonly rates: readonly number[]; readonly target: number },
): BenchRow[] {
  const rate = median([...rates]);
  return [
    {
      ...{ what, figure: `${readable(rate)} ${unit}`, ratio: rate / target, target: 1 },
      against: `${readable(target)} ${unit}`,
    },
  ];
}

function largeRow(run: () => ProgramRun): BenchRow {
  const { seconds, check } = run();
  return {
    what: "100 nodes, 10 million messages in one run",
    figure: `${readable(1e7 / seconds)} messages/s`,
    target: "the heap stays as large as after a tenth",
    remark: `it grew by ${check.toFixed(1)} MB`,
  };
}
