import type { NodeId } from "../../core/protocol.ts";
import type { Controls } from "../world.ts";

/** Takes back what one fault did, and no more. */
export type Heal = () => void;

/** A link in one direction. */
export type Link = readonly [from: NodeId, to: NodeId];

const nothingToHeal: Heal = () => undefined;

/**
 * What is broken at the moment. Faults add up: a node is up again when the last crash is over, factors
 * multiply, and a pause ends with the crash of the process that stood still.
 */
export class Damage {
  private readonly crashes: Int32Array;
  private readonly pauses: Int32Array;
  /** Crashes of each node: a pause belongs to one life. */
  private readonly lives: Int32Array;
  /** Whether it was us who took the node down. */
  private readonly isOurs: Uint8Array;
  private readonly slowness: readonly Factors[];
  private readonly congestion = new Factors();
  private readonly onCrash: (node: NodeId) => void;

  constructor(nodeCount: number, onCrash: (node: NodeId) => void) {
    this.crashes = new Int32Array(nodeCount);
    this.pauses = new Int32Array(nodeCount);
    this.lives = new Int32Array(nodeCount);
    this.isOurs = new Uint8Array(nodeCount);
    this.slowness = Array.from({ length: nodeCount }, () => new Factors());
    this.onCrash = onCrash;
  }

  /** A new run: nothing is broken. */
  reset(): void {
    for (const counts of [this.crashes, this.pauses, this.lives, this.isOurs]) counts.fill(0);
    for (const factors of [this.congestion, ...this.slowness]) factors.clear();
  }

  crash(node: NodeId, controls: Controls): Heal {
    this.crashes[node]!++;
    if (controls.isUp(node)) {
      this.isOurs[node] = 1;
      this.pauses[node] = 0;
      this.lives[node]!++;
      this.onCrash(node);
      controls.crash(node);
    }
    return () => {
      if (--this.crashes[node]! > 0 || this.isOurs[node] === 0) return;
      this.isOurs[node] = 0;
      // The crash ended the slowness of the process; that of the machine goes on.
      const slowness = this.slowness[node]!.product();
      if (slowness !== 1) controls.slow(node, slowness);
      controls.restart(node);
    };
  }

  pause(node: NodeId, controls: Controls): Heal {
    if (!controls.isUp(node)) return nothingToHeal;
    const life = this.lives[node]!;
    if (++this.pauses[node]! === 1) controls.pause(node);
    return () => {
      if (this.lives[node] !== life) return;
      if (--this.pauses[node]! === 0) controls.resume(node);
    };
  }

  slow(node: NodeId, factor: number, controls: Controls): Heal {
    return this.slowness[node]!.add(factor, (product) => controls.slow(node, product));
  }

  stretch(factor: number, controls: Controls): Heal {
    return this.congestion.add(factor, (product) => controls.stretch(product));
  }

  cut(links: readonly Link[], controls: Controls): Heal {
    for (const [from, to] of links) controls.cut(from, to);
    return () => {
      for (const [from, to] of links) controls.heal(from, to);
    };
  }

  jumpClock(node: NodeId, byMs: number, controls: Controls): Heal {
    controls.jumpClock(node, byMs);
    return () => controls.jumpClock(node, -byMs);
  }
}

/** Factors in force together. Multiplied anew each time, so that none in force is exactly 1. */
class Factors {
  private readonly inForce: { readonly factor: number }[] = [];

  clear(): void {
    this.inForce.length = 0;
  }

  add(factor: number, apply: (product: number) => void): Heal {
    const entry = { factor };
    this.inForce.push(entry);
    apply(this.product());
    return () => {
      this.inForce.splice(this.inForce.indexOf(entry), 1);
      apply(this.product());
    };
  }

  product(): number {
    return this.inForce.reduce((product, { factor }) => product * factor, 1);
  }
}
