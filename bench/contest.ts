import { median } from "simple-statistics";
import { type BenchRow, readable } from "./rows.ts";
import type { Program, ProgramRun } from "./simulationPeers.ts";

/** A program that takes part in a contest, and how much it does in a round. */
export interface Contestant {
  readonly name: string;
  readonly program: Program;
  readonly args: readonly (string | number)[];
  /** Events, messages or operations of a round. */
  readonly count: number;
  /** How many times faster than this one the first one should be. */
  readonly target?: number;
}

/** What is compared: the first contestant is ours. */
export interface Contest {
  readonly what: string;
  readonly unit: string;
  readonly contestants: readonly Contestant[];
  /** Throws if a contestant did not compute what it should. */
  check(name: string, run: ProgramRun, count: number): void;
}

/** One row a contestant: all of them in each round, in every other round backwards. */
export function contestRows(contest: Contest, rounds: number): BenchRow[] {
  const { what, unit, contestants, check } = contest;
  const rates = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? contestants : [...contestants].reverse()) {
      const { name, program, args, count } = contestant;
      if (program.kind === "missing") continue;
      const run = program.run(args);
      check(name, run, count);
      rates.get(name)!.push(count / run.seconds);
    }
  }
  const own = rates.get(contestants[0]!.name)!;
  return contestants.map(({ name, program, target }, index): BenchRow => {
    const row = { what: index === 0 ? what : `${what}: ${name}` };
    if (program.kind === "missing") {
      return { ...row, figure: "not measured", remark: program.reason };
    }
    const theirs = rates.get(name)!;
    const figure = `${readable(median(theirs))} ${unit}`;
    if (index === 0) return { ...row, figure };
    return {
      ...{ ...row, figure, remark: program.version, against: "for ours" },
      ratio: median(theirs.map((rate, round) => own[round]! / rate)),
      ...(target !== undefined && { target }),
    };
  });
}
