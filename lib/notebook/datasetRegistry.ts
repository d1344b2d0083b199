/** What is known of one file in `datasets/`. */
export interface DatasetEntry {
  /** Name of the file. */
  readonly file: string;
  /** What it holds, and how its figures came about. */
  readonly holds: string;
  /** Where the figures come from. */
  readonly source: string;
  /** Licence of the figures, as far as figures have one. */
  readonly licence: string;
  /** When they were measured or published. */
  readonly date: string;
  /** Units of its columns. */
  readonly units: string;
  /** Rows below the header, integer >= 1. */
  readonly rows: number;
}

const pbs =
  "Bailis et al., Probabilistically Bounded Staleness for Practical Partial Quorums, PVLDB 5(8):776-787, 2012";
const fantoch = "github.com/vitorenesduarte/fantoch, commit aea6e324";
const ping = "min, avg, max and mdev as printed by ping, the diagonal within a region";

/** Every file in `datasets/`: the table in its README is generated from this list. */
export const datasets: readonly DatasetEntry[] = [
  {
    file: "pbs_production_fits.csv",
    holds:
      "fits of message latencies in production: a Pareto body or an exponential tail with the weight given, by message of the WARS model; `alpha` reproduces the paper's results, `alphaPrinted` is what it prints; `wan` adds `remoteOneWayMs` to messages of replicas that are not the local one",
    source: `${pbs}, table 3`,
    licence: "figures of a publication, cited",
    date: "2012",
    units: "minMs, remoteOneWayMs: ms; ratePerMs: 1/ms; weight: probability; alpha: none",
    rows: 32,
  },
  {
    file: "pbs_table4_published.csv",
    holds:
      "latency of reads and writes at the percentile given, and t-visibility at that probability, as printed; the t-visibilities are low by 2-13 % (see pbs_table4_exact.csv)",
    source: `${pbs}, table 4`,
    licence: "figures of a publication, cited",
    date: "2012",
    units: "readMs, writeMs, visibilityMs: ms; probability: of a fresh read, and percentile / 100",
    rows: 24,
  },
  {
    file: "pbs_table4_exact.csv",
    holds:
      "t-visibility of the same fits where it is above zero, with 95 % intervals; `ymmr` with alpha 3.5",
    source:
      "own computation, scripts/computeTable4.ts: roots of the mean of exact conditional probabilities, 16 runs of a million trials",
    licence: "MIT",
    date: "2026-11-20",
    units: "visibilityMs, lowMs, highMs: ms; probability: of a fresh read",
    rows: 10,
  },
  {
    file: "pbs_stale_exact.csv",
    holds: "probability of a stale read of the same fits, at times after the commit of a write",
    source: "own computation: mean of exact conditional probabilities",
    licence: "MIT",
    date: "2026",
    units: "atMs: ms; probability, standardError: probability",
    rows: 12,
  },
  {
    file: "cloud_rtt_gcp_2019.csv",
    holds: `round trips between all ordered pairs of 20 Google Cloud regions: ${ping}`,
    source: `${fantoch}, latency_gcp/*.dat`,
    licence: "MIT OR Apache-2.0",
    date: "2019-2020",
    units: "minMs, avgMs, maxMs, mdevMs: ms, round trip",
    rows: 400,
  },
  {
    file: "cloud_rtt_aws_2020.csv",
    holds: `round trips between all ordered pairs of 19 Amazon Web Services regions: ${ping}`,
    source: `${fantoch}, latency_aws/2020_06_05/*.dat`,
    licence: "MIT OR Apache-2.0",
    date: "2020-06-05",
    units: "minMs, avgMs, maxMs, mdevMs: ms, round trip",
    rows: 361,
  },
  {
    file: "raft_election_times.csv",
    holds:
      "time without leader in Raft's Figure 16, for ten ranges of election timeouts: the percentiles 0.5, 1.5 to 99.5 of each curve, read from its vector paths (error below 0.3 ms); five servers, a broadcast time of about 15 ms, the leader crashed at a random time between two heartbeats, two of four survivors not eligible",
    source:
      "Ongaro, Consensus: Bridging Theory and Practice, Stanford University 2014, section 9.4; github.com/ongardie/dissertation, commit 0c10ea1, leaderelection/benchmarks-{randomness,scale}.svg",
    licence: "CC-BY 3.0 US or 4.0",
    date: "2014",
    units:
      "timeoutMinMs, timeoutMaxMs, downtimeMs: ms; trials: elections measured; probability: of a downtime up to this",
    rows: 1000,
  },
];

/** The table of `datasets/README.md`. */
export function datasetTable(): string {
  const head = ["file", "what it holds", "source", "licence", "date", "units", "rows"];
  const rows = datasets.map((entry) => [
    `\`${entry.file}\``,
    ...[entry.holds, entry.source, entry.licence, entry.date, entry.units, String(entry.rows)],
  ]);
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
