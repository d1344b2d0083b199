import { type RandomStream, randomStream } from "../core/random.ts";

/**
 * Random streams for one purpose, one an entity, derived when first asked for: a short run pays for
 * those only that it uses, and no entity's draws depend on another's.
 */
export class EntityStreams {
  private readonly purpose: string;
  private readonly streams: (RandomStream | undefined)[];
  private readonly used: number[] = [];
  private seed = 0;

  /** @param count entities are numbered from 0 to below this */
  constructor(purpose: string, count: number) {
    this.purpose = purpose;
    this.streams = new Array<RandomStream | undefined>(count).fill(undefined);
  }

  /** The streams of a new run, from their beginnings. */
  reset(seed: number): void {
    this.seed = seed;
    for (const entity of this.used) this.streams[entity] = undefined;
    this.used.length = 0;
  }

  /** The stream of an entity, where it stands. */
  of(entity: number): RandomStream {
    return this.streams[entity] ?? this.derive(entity);
  }

  private derive(entity: number): RandomStream {
    const stream = randomStream({ seed: this.seed, purpose: this.purpose, entity });
    this.streams[entity] = stream;
    this.used.push(entity);
    return stream;
  }
}
