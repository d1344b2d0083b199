import type { RandomStream } from "../core/random.ts";
import { EntityStreams } from "./networkDraws.ts";
import type { LossSpec } from "./networkSpec.ts";

/** Where a link with bursts stands. */
const states = { unknown: 0, good: 1, bad: 2 } as const;

/** Draws which messages get lost, each link from a stream of its own. */
export class LinkLosses {
  private readonly losses: readonly (LossSpec | undefined)[];
  private readonly draws: EntityStreams;
  /** Limits of a 32-bit draw below which a message is lost; 0: no loss, and no draw; -1: bursts. */
  private readonly limits: Float64Array;
  private readonly states: Uint8Array;

  constructor(losses: readonly (LossSpec | undefined)[]) {
    this.losses = losses;
    this.draws = new EntityStreams("loss", losses.length);
    this.limits = Float64Array.from(losses, limitOf);
    this.states = new Uint8Array(losses.length);
  }

  /** Losses of a new run. */
  reset(seed: number): void {
    this.draws.reset(seed);
    this.states.fill(states.unknown);
  }

  /** Whether the next message on a link is lost; one draw, with bursts two (the first message three). */
  isLost(link: number): boolean {
    const limit = this.limits[link]!;
    if (limit === 0) return false;
    const random = this.draws.of(link);
    if (limit > 0) return random.nextUint32() < limit;
    return this.isLostInBurst(link, random);
  }

  /**
   * How many times in a row the next message on a link is lost, at most `max`. One draw where losses
   * are independent, so that messages keep their draws when the probability changes; with bursts,
   * two for each time.
   */
  lossesInRow(link: number, max: number): number {
    const loss = this.losses[link];
    const limit = this.limits[link]!;
    if (limit === 0 || loss === undefined) return 0;
    let count = 0;
    if (loss.kind === "bursts") {
      while (count < max && this.isLostInBurst(link, this.draws.of(link))) count++;
      return count;
    }
    const uniform = this.draws.of(link).nextUniform();
    let share = loss.probability;
    while (count < max && uniform < share) {
      count++;
      share *= loss.probability;
    }
    return count;
  }

  private isLostInBurst(link: number, random: RandomStream): boolean {
    const loss = this.losses[link]! as LossSpec & { kind: "bursts" };
    const { enterProbability, leaveProbability } = loss;
    if (this.states[link] === states.unknown) {
      const bad = enterProbability / (enterProbability + leaveProbability);
      this.states[link] = random.nextUint32() < bad * words ? states.bad : states.good;
    }
    const isBad = this.states[link] === states.bad;
    const isLost = random.nextUint32() < (isBad ? loss.lossWhenBad : loss.lossWhenGood) * words;
    const changes = random.nextUint32() < (isBad ? leaveProbability : enterProbability) * words;
    if (changes) this.states[link] = isBad ? states.good : states.bad;
    return isLost;
  }
}

/** Number of values of a 32-bit draw. */
const words = 2 ** 32;

function limitOf(loss: LossSpec | undefined): number {
  if (loss === undefined) return 0;
  if (loss.kind === "independent") return loss.probability * words;
  const never = loss.lossWhenBad === 0 && loss.lossWhenGood === 0;
  return never ? 0 : -1;
}
