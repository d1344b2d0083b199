import type { Distribution } from "./distribution.ts";
import { type QuantileTable, quantileTable, tableLayout } from "./quantileTable.ts";
import type { UniformSource } from "./random.ts";

const { cellsPerOctave, cellSize, pieceSize } = tableLayout;
const { exponentMin, exponentMax, exponentRefined, refinedMin } = tableLayout;
const octaves = exponentMax - exponentMin + 1;
const refinedOctaves = exponentRefined - refinedMin;
const cellBits = Math.log2(cellsPerOctave);

/** 2^-e by exponent e: brings a level to its normalised form in [1, 2). */
const inverse = Float64Array.from({ length: exponentMax + 1 }, (_, exponent) => 2 ** -exponent);

/**
 * Draws from a quantile table: one 32-bit draw each, two for one in 65,536, which lie so far out in a
 * tail that they are refined.
 *
 * The draws are those of the distribution within `tableErrorMax` in probability. By inversion: the
 * same word gives the same quantile of any distribution, so that runs which differ in a parameter
 * only share their random numbers.
 */
export class TableSampler {
  private readonly cells: Float64Array;
  private readonly pieces: Float64Array;
  private readonly deep: Float64Array;

  constructor({ cells, pieces, deep }: QuantileTable) {
    this.cells = cells;
    this.pieces = pieces;
    this.deep = deep;
  }

  /** One draw. */
  sample(random: UniformSource): number {
    const word = random.nextUint32() | 0;
    // |word + 1/2| is whole + 1/2, whose leading bit is the octave and the bits after it the cell.
    // Masks instead of a choice by the sign, which would be mispredicted every other time: 7 ns.
    const sign = word >> 31;
    const whole = word ^ sign;
    const exponent = 31 - Math.clz32(whole);
    if (exponent < exponentRefined) return this.refined(word, whole, random);
    const octave = (sign & octaves) + exponent - exponentMin;
    const place = (whole >>> (exponent - cellBits)) & (cellsPerOctave - 1);
    const at = (octave * cellsPerOctave + place) * cellSize;
    const { cells } = this;
    const t = (whole + 0.5) * inverse[exponent]!;
    const c0 = cells[at]!;
    const value = ((cells[at + 3]! * t + cells[at + 2]!) * t + cells[at + 1]!) * t + c0;
    return Number.isNaN(c0) ? this.pieceAt(cells[at + 1]!, cells[at + 2]!, t) : value;
  }

  /** A draw far out in a tail takes 32 further bits. */
  private refined(word: number, whole: number, random: UniformSource): number {
    const level = whole + (random.nextUint32() + 0.5) / 2 ** 32;
    let exponent = Math.floor(Math.log2(level));
    // The logarithm is rounded; powers of two themselves are exact.
    if (2 ** exponent > level) exponent--;
    else if (2 ** (exponent + 1) <= level) exponent++;
    const at = 2 * ((word < 0 ? refinedOctaves : 0) + exponent - refinedMin);
    return this.pieceAt(this.deep[at]!, this.deep[at + 1]!, level * 2 ** -exponent);
  }

  /** Value at t by the last piece that begins at or before it. */
  private pieceAt(first: number, count: number, t: number): number {
    const { pieces } = this;
    let low = first;
    let high = first + count;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (pieces[middle * pieceSize]! <= t) low = middle;
      else high = middle;
    }
    const at = low * pieceSize;
    return ((pieces[at + 4]! * t + pieces[at + 3]!) * t + pieces[at + 2]!) * t + pieces[at + 1]!;
  }
}

/** Whatever draws from one distribution. */
export interface Sampler {
  /** One draw; always the same number of draws of the stream, but for refined ones of a table. */
  sample(random: UniformSource): number;
}

/**
 * The fastest sampler of a distribution: its quantile table, or where that would not pay (a constant) or
 * have too many pieces (a sample of thousands of values) the distribution itself, which takes two 32-bit
 * draws.
 *
 * A table takes some 10 ms to make and is kept: distributions with the same plain data share it.
 */
export function samplerOf(distribution: Distribution): Sampler {
  const [least, largest] = distribution.support;
  if (least === largest || distribution.breakpoints === "everywhere") return distribution;
  return new TableSampler(quantileTable(distribution));
}
