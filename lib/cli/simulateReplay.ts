import type { BadOutcome } from "../scenarios/badOutcomes.ts";

/** The scenario of a command line. */
export interface Source {
  /** A file, or `preset:NAME`, as it was typed. */
  readonly source: string;
  readonly set: readonly string[];
}

/** The command that does one run of a scenario again. */
export function replayText({ source, set }: Source, runSeed: number): string {
  return commandOf([source, ...settings(set), "--run-seed", String(runSeed)]);
}

/** The commands that keep the scenario of a witness and run it again. */
export function witnessReplayTexts(
  { source, set }: Source,
  outcome: BadOutcome,
  { runs, seed, runSeed }: Readonly<Record<"runs" | "seed" | "runSeed", number>>,
): readonly string[] {
  const search = ["--witness", outcome, "--runs", String(runs), "--seed", String(seed)];
  return [
    `${commandOf([source, ...settings(set), ...search, "--json"])} > witness.json`,
    replayText({ source: "witness.json", set: [] }, runSeed),
  ];
}

function settings(set: readonly string[]): readonly string[] {
  return set.flatMap((setting) => ["--set", setting]);
}

function commandOf(words: readonly string[]): string {
  return ["quorumlab", "simulate", ...words.map(shellWord)].join(" ");
}

function shellWord(text: string): string {
  return /^[\w./=:,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
