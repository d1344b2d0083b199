// Computes datasets/pbs_table4_exact.csv, the t-visibilities of the paper's table 4 above zero, from 16
// runs of a million trials each: node scripts/computeTable4.ts. Takes about ten minutes on two cores.
import { writeFileSync } from "node:fs";
import { meanEstimate } from "../lib/core/meanEstimate.ts";
import { loadPublishedTable4 } from "../lib/notebook/datasetTables.ts";
import { sweep } from "../lib/notebook/sweep.ts";

const seeds = Array.from({ length: 16 }, (_, i) => i + 1);
const settings = loadPublishedTable4().filter(({ visibilityMs }) => visibilityMs > 0);
const runs = await sweep({
  measure: "staleness",
  over: settings.flatMap(({ latency, r, w }) => seeds.map((seed) => ({ latency, r, w, seed }))),
  base: { n: 3, visibility: 0.999, trials: 1_000_000 },
  seed: 1,
});
const times = runs.numbers("visibilityMs");
const lines = settings.map(({ latency, n, r, w, probability }, i) => {
  const sample = times.slice(i * seeds.length, (i + 1) * seeds.length);
  const { value, low, high } = meanEstimate(sample);
  // Two digits of the half width; no more is known.
  const digits = Math.max(0, 1 - Math.floor(Math.log10((high - low) / 2)));
  const ms = [value, low, high].map((x) => x.toFixed(digits));
  return [latency, n, r, w, probability, ...ms].join(",");
});
const head = "latency,n,r,w,probability,visibilityMs,lowMs,highMs";
writeFileSync("datasets/pbs_table4_exact.csv", `${[head, ...lines].join("\n")}\n`);
console.log(lines.join("\n"));
