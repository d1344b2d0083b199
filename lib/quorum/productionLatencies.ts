import type { Distribution } from "../core/distribution.ts";
import { exponential } from "../core/distributions/exponential.ts";
import { mixture } from "../core/distributions/mixture.ts";
import { pareto } from "../core/distributions/pareto.ts";
import { refuse } from "../core/need.ts";
import type { WarsLatency, WarsLegs } from "./wars.ts";
import { identicalReplicas, localReplica, warsLegs } from "./warsLatency.ts";

/** A fit as the paper prints it: a Pareto body with a probability, else an exponential tail. */
interface Fit {
  readonly bodyShare: number;
  readonly minMs: number;
  readonly alpha: number;
  readonly ratePerMs: number;
}

function fitted({ bodyShare, minMs, alpha, ratePerMs }: Fit): Distribution {
  return mixture([
    { weight: bodyShare, distribution: pareto({ minMs, alpha }) },
    { weight: 1 - bodyShare, distribution: exponential({ ratePerMs }) },
  ]);
}

const lnkdSsd = fitted({ bodyShare: 0.9122, minMs: 0.235, alpha: 10, ratePerMs: 1.66 });
const lnkdDiskWrite = fitted({ bodyShare: 0.38, minMs: 1.05, alpha: 1.51, ratePerMs: 0.183 });
const ymmrWrite = { bodyShare: 0.939, minMs: 3, alpha: 3.5, ratePerMs: 0.0028 };
const ymmrOthers = fitted({ bodyShare: 0.982, minMs: 1.5, alpha: 3.8, ratePerMs: 0.0217 });

/** Legs fitted to production systems. */
export interface ProductionLegs {
  /** LinkedIn's Voldemort on solid-state disks: W = A = R = S. */
  readonly lnkdSsd: WarsLegs;
  /** LinkedIn's Voldemort on magnetic disks: slow W. */
  readonly lnkdDisk: WarsLegs;
  /** Yammer's Riak, with the exponent that reproduces the paper's results, 3.5. */
  readonly ymmr: WarsLegs;
  /** Yammer's Riak, with the exponent that the paper prints, 3.35. */
  readonly ymmrPrinted: WarsLegs;
}

/**
 * Legs fitted to production systems, as parts for other latencies; in ms.
 *
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, table 3
 */
export const productionLegs: ProductionLegs = {
  lnkdSsd: warsLegs(lnkdSsd),
  lnkdDisk: warsLegs(lnkdDiskWrite, lnkdSsd),
  ymmr: warsLegs(fitted(ymmrWrite), ymmrOthers),
  ymmrPrinted: warsLegs(fitted({ ...ymmrWrite, alpha: 3.35 }), ymmrOthers),
};

/** Names of the production fits. */
export const productionLatencyNames = [
  "lnkd-ssd",
  "lnkd-disk",
  "ymmr",
  "ymmr-printed",
  "wan",
] as const;

/** Name of a production fit. */
export type ProductionLatencyName = (typeof productionLatencyNames)[number];

/**
 * Latencies fitted to production systems, by name; in ms.
 *
 * `ymmr` has the exponent 3.5 in W, with which the paper's own table comes out; the 3.35 that the paper
 * prints is `ymmr-printed`. `wan` is `lnkd-disk` with one replica beside the client, at random, and 75 ms
 * more on each one-way message to the others.
 *
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, table 3 and section 5.5
 */
export const productionLatencies: Readonly<Record<ProductionLatencyName, WarsLatency>> = {
  "lnkd-ssd": identicalReplicas(productionLegs.lnkdSsd, "lnkd-ssd"),
  "lnkd-disk": identicalReplicas(productionLegs.lnkdDisk, "lnkd-disk"),
  ymmr: identicalReplicas(productionLegs.ymmr, "ymmr"),
  "ymmr-printed": identicalReplicas(productionLegs.ymmrPrinted, "ymmr-printed"),
  wan: localReplica({ legs: productionLegs.lnkdDisk, remoteOneWayMs: 75, name: "wan" }),
};

/**
 * A latency by its name: a production fit, or exponential legs.
 *
 * @param name one of `productionLatencyNames`, or `exp:<lambdaW>,<lambdaARS>` with the rates of the write
 *   message and of the other three, in 1/ms
 * @throws {RangeError} if there is no such name or a rate is not positive; the error lists the names
 * @example
 * latencyByName("lnkd-disk").kind; // => "identical"
 * latencyByName("exp:0.1,1").name; // => "exp:0.1,1"
 */
export function latencyByName(name: string): WarsLatency {
  const known = (productionLatencyNames as readonly string[]).includes(name);
  if (known) return productionLatencies[name as ProductionLatencyName];
  const rates = /^exp:([^,]+),([^,]+)$/.exec(String(name))?.slice(1).map(Number);
  if (rates?.every((rate) => rate > 0 && rate < Infinity)) {
    const [write, others] = rates.map((ratePerMs) => exponential({ ratePerMs }));
    return identicalReplicas(warsLegs(write!, others!), name);
  }
  const names = productionLatencyNames.join(", ");
  const accepted = `${names}, or exp:<lambdaW>,<lambdaARS> with rates > 0 in 1/ms`;
  return refuse("latencyByName", "latency", `one of ${accepted}`, name);
}
