import type { Distribution, DistributionSpec } from "../core/distribution.ts";
import { distributionFromJson } from "../core/distributions/registry.ts";
import { type RandomStream, randomStream } from "../core/random.ts";

/** What connects the nodes. */
export interface NetworkSpec {
  /** One-way latency of every message, in ms. */
  readonly latency: DistributionSpec;
}

/** The network in one run. */
export class Network {
  private readonly latency: Distribution;
  private random: RandomStream;
  private readonly cuts: Int32Array;

  private readonly regions: readonly string[];

  constructor(spec: NetworkSpec, regions: readonly string[]) {
    this.regions = regions;
    this.latency = distributionFromJson(spec.latency);
    this.random = randomStream({ seed: 0, purpose: "network" });
    this.cuts = new Int32Array(regions.length ** 2);
  }

  /** The network of a new run. */
  reset(seed: number): void {
    this.random = randomStream({ seed, purpose: "network" });
    this.cuts.fill(0);
  }

  /** Time at which a message sent now arrives; `Infinity` if it never does. */
  arrivalMs(_from: number, _to: number, nowMs: number, _sizeBytes: number): number {
    return nowMs + this.latency.sample(this.random);
  }

  /** Time at which a second copy of the message asked about last arrives; `Infinity`: there is none. */
  duplicateMs(): number {
    return Infinity;
  }

  isCut(from: number, to: number): boolean {
    return this.cuts[from * this.regions.length + to]! > 0;
  }

  cut(from: number, to: number): void {
    this.cuts[from * this.regions.length + to]!++;
  }

  heal(from: number, to: number): void {
    this.cuts[from * this.regions.length + to]!--;
  }

  stretch(_factor: number): void {}
}
