import type { Estimate } from "../core/estimate.ts";
import { bandAt, meanAt } from "./conditionalBand.ts";
import type { ConditionalSample } from "./conditionalSample.ts";
import { fallingRoot, type RootGuess } from "./fallingRoot.ts";

/**
 * Time after commit, in ms, from which reads are fresh with a given probability.
 *
 * The root of the smooth curve of `conditionalStaleAt`; the interval holds the times at which the
 * interval of the curve contains the probability asked for, so that it covers exactly as often. All
 * three are 0 where the curve, or an end of its interval, is low enough at once.
 *
 * @param sample trials drawn by `conditionalSample`
 * @param query probability of a fresh read, in (0, 1), and confidence, in (0, 1)
 */
export function conditionalVisibility(
  sample: ConditionalSample,
  { visibility, confidence }: { readonly visibility: number; readonly confidence: number },
): Estimate {
  const target = 1 - visibility;
  const rootOf = (edge: Edge, trials: number, guess: RootGuess) =>
    edgeRoot({ ...sample, trials }, { edge, target, confidence }, guess);
  const { trials } = sample;
  // A few trials say nearly where to look; all of them are then asked for a few times only.
  const pilotTrials = Math.min(trials, 1000);
  const guess = scaleMs(sample, target);
  const pilot = rootOf("value", pilotTrials, { near: guess, step: guess / 8 });
  const scale = Math.max(pilot, guess);
  const value =
    trials === pilotTrials ? pilot : rootOf("value", trials, { near: pilot, step: scale / 100 });
  const band = bandAt(sample, value, confidence);
  const decay = decayAt({ ...sample, trials: pilotTrials }, value, scale);
  const [low, high] = (["low", "high"] as const).map((edge) => {
    // Where the curve's logarithm goes on as a straight line.
    const move = Math.log(band[edge] / target) / decay;
    const known = Number.isFinite(move);
    const step = Math.max(known ? Math.abs(move) / 8 : scale / Math.sqrt(trials), 1e-9 * scale);
    return rootOf(edge, trials, { near: known ? Math.max(0, value + move) : value, step });
  }) as [number, number];
  return { value, low, high, confidence, trials, method: "inverted-band" };
}

type Edge = "value" | "low" | "high";

interface EdgeQuery {
  readonly edge: Edge;
  /** Probability of a stale read at which the edge of the band is wanted. */
  readonly target: number;
  readonly confidence: number;
}

/** Time, in ms, at which an edge of the band around the curve falls to the target. */
function edgeRoot(
  sample: ConditionalSample,
  { edge, target, confidence }: EdgeQuery,
  guess: RootGuess,
): number {
  const height = (atMs: number): number =>
    edge === "value" ? meanAt(sample, atMs) : bandAt(sample, atMs, confidence)[edge];
  return fallingRoot((atMs) => Math.log(height(atMs) / target), guess);
}

/** A guess of the time within which staleness falls to `target`, from the first trial alone. */
function scaleMs({ r, writes, offsetsMs }: ConditionalSample, target: number): number {
  const level = target ** (1 / r);
  const guess = Math.max(...writes.map((write) => write.upperQuantile(level))) - offsetsMs[0]!;
  // The tails of some distributions reach beyond the largest double.
  return Math.min(Math.max(guess, 1e-3), 1e300);
}

/** How fast the logarithm of the curve falls at a time, 1/ms; scale: of the time, ms. */
function decayAt(sample: ConditionalSample, atMs: number, scale: number): number {
  const step = scale / 1000;
  return Math.log(meanAt(sample, atMs) / meanAt(sample, atMs + step)) / step;
}
