// The agenda of the simulator against the queues of others.
import { type Contestant, contestRows } from "./contest.ts";
import type { BenchTable } from "./rows.ts";
import { ownProgram, type ProgramRun, programInCpp, programInSimPy } from "./simulationPeers.ts";

/** The table of the agenda; takes about a minute. */
export function agendaTable(rounds = 5): BenchTable {
  const own = ownProgram("agendaOwn.ts");
  const cpp = programInCpp("agenda");
  const simPy = programInSimPy("agenda");
  const rows = (
    what: string,
    mode: string,
    pending: number,
    { target, more = [] }: { target?: number; more?: readonly Contestant[] } = {},
  ) => {
    const count = 3_000_000;
    const args = [mode, pending, count];
    const contestants = [
      { name: "the agenda", program: own, args, count },
      { name: "C++ std::priority_queue", program: cpp, args, count, ...(target && { target }) },
      ...more,
    ];
    const ends = new Map<number, number>();
    const check = (name: string, { check }: ProgramRun, done: number) => {
      const end = ends.get(done) ?? check;
      ends.set(done, end);
      // Logarithms of other languages may differ in the last bit.
      if (Math.abs(check / end - 1) > 1e-9)
        throw new Error(`${name}: ends at ${check}, not ${end}`);
    };
    const contest = { what, unit: "events/s", contestants, check };
    return contestRows(contest, rounds);
  };
  const few = 300_000;
  const inPython = {
    ...{ name: "SimPy, timeouts with callbacks", program: simPy, target: 10 },
    ...{ args: ["hold", 10_000, few], count: few },
  };
  return {
    title: "Agenda: the next event out, a new one in",
    notes: [
      "CPU time in processes of their own, all in each round, every other round backwards; ratios are " +
        "medians of the ratios within rounds. Delays from a table, exponential if nothing is said. All " +
        "must reach the same time in the same number of events.",
    ],
    rows: [
      ...rows("10,000 events pending", "hold", 10_000, { target: 1, more: [inPython] }),
      ...rows("1,000 events pending", "hold", 1000),
      ...rows("100 events pending", "hold", 100),
      ...rows("10,000 pending, at three times", "ties", 10_000),
      ...rows("1,000 pending, each sets a timeout and cancels the last", "cancel", 1000),
    ],
  };
}
