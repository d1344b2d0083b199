import { type CounterRandom, counterRandom } from "../../core/counterRandom.ts";

/** What the requests of users are drawn for. */
const purposes = [
  "kinds",
  "keys",
  "sessions",
  "devices",
  "clients",
  "think times",
  "conversations",
  "delays of conversations",
  "reads after writes",
  "delays of reads",
] as const;

/** What a draw is for. */
export type DrawPurpose = (typeof purposes)[number];

/**
 * The draws of a workload in one run: for each purpose, one for each request of each source (a client,
 * or a closed session).
 *
 * At random access: what follows a request is drawn when its answer comes, in an order that depends on
 * the protocol. So no answer, no order, and no share of another purpose changes what is drawn for a
 * request.
 */
export class WorkloadDraws {
  private readonly byPurpose: Readonly<Record<DrawPurpose, CounterRandom>>;

  constructor(seed: number, name: string) {
    const entries = purposes.map((purpose) => {
      return [purpose, counterRandom({ seed, purpose: `workload: ${purpose}`, entity: name })];
    });
    this.byPurpose = Object.fromEntries(entries);
  }

  /** A uniform in (0, 1) for a request of a source, both by their numbers from 0. */
  uniform(purpose: DrawPurpose, source: number, turn: number): number {
    return this.byPurpose[purpose].uniformAt(source, turn);
  }

  /** An integer in [0, count). */
  choose(count: number, purpose: DrawPurpose, source: number, turn: number): number {
    if (count === 1) return 0;
    return Math.min(count - 1, Math.floor(count * this.uniform(purpose, source, turn)));
  }
}
