import type { Distribution } from "./distribution.ts";
import { approximate, type QuantilePiece, type Tail } from "./quantilePieces.ts";

/**
 * How the 2^32 draws of a 32-bit generator are laid out in a table.
 *
 * A draw, read as a signed integer, plus 1/2 is x: its sign says which tail, upper (x > 0) or lower;
 * |x| / 2^32 in (0, 1/2) is the mass beyond the value. Exponent and first bits of the double |x| are
 * the number of the cell, the other bits the place in it. So cells are narrow in both tails, and the
 * error stays small relative to the tail.
 */
export const tableLayout = {
  /** Cells into which each octave of levels is cut; a power of two. */
  cellsPerOctave: 64,
  /** Smallest and largest exponent of |x| as a double: 1/2 up to 2^31. */
  exponentMin: -1,
  exponentMax: 30,
  /** Below 2^15 a draw is refined by 32 further bits, down to 2^-33 of a 2^-32. */
  exponentRefined: 15,
  refinedMin: -33,
  /** Doubles in a cell: coefficients c0 to c3, or NaN, number of the first piece, count of pieces. */
  cellSize: 4,
  /** Doubles in a piece: start, c0 to c3. */
  pieceSize: 5,
} as const;

/** Largest relative error of a level (probability beyond a value): in cells, and where refined. */
const cellTolerance = 2 ** -29;
const deepTolerance = 2 ** -20;

/**
 * Largest distance between the distribution functions of a table's draws and of its distribution.
 *
 * Half of the mass at most is beyond a value on its side, so that cells differ by 2^-30; the grid of
 * 32-bit draws adds 2^-33, refined draws less. A probability of a stale read among n replicas, a
 * function of 4 n draws, differs by at most 6 n times this: as a function of one draw with the
 * others fixed, the event is an interval for W (two edges), a half-line for A and for S (one), and
 * the complement of an interval for R (two).
 */
export const tableErrorMax: number = 2 ** -30 + 2 ** -32;

/** The inverse of a distribution function as cubics: what a sampling kernel looks up. */
export interface QuantileTable {
  /** Cells of the upper tail by octave, then those of the lower tail. */
  readonly cells: Float64Array;
  /** Pieces of cells that one cubic does not serve, and of refined octaves. */
  readonly pieces: Float64Array;
  /** For refined octaves, upper tail then lower: number of the first piece, count of pieces. */
  readonly deep: Float64Array;
  /** Share of draws that one cubic does not serve. */
  readonly irregularShare: number;
}

const { cellsPerOctave, exponentMin, exponentMax, exponentRefined, refinedMin } = tableLayout;
const octaves = exponentMax - exponentMin + 1;

/** Tables made before, by the plain data of their distributions; the oldest goes first. */
const made = new Map<string, QuantileTable>();
const madeMax = 64;
const keyLengthMax = 4096;

/**
 * The inverse of a distribution function as a table of cubics, within `tableErrorMax`.
 *
 * Takes some 10 ms, or once only for distributions with the same plain data.
 *
 * @param distribution any distribution; cut at its breakpoints, so that kinks, steps and atoms stay
 */
export function quantileTable(distribution: Distribution): QuantileTable {
  const key = JSON.stringify(distribution);
  const known = made.get(key);
  if (known !== undefined) return known;
  const table = buildTable(distribution);
  if (made.size >= madeMax) made.delete(made.keys().next().value!);
  if (key.length <= keyLengthMax) made.set(key, table);
  return table;
}

function buildTable(distribution: Distribution): QuantileTable {
  const cells = new Float64Array(2 * octaves * cellsPerOctave * tableLayout.cellSize).fill(NaN);
  const pieces: number[] = [];
  const deep: number[] = [];
  let irregularShare = 2 ** (exponentRefined - 31);
  tailsOf(distribution).forEach((tail, side) => {
    for (let exponent = refinedMin; exponent < exponentRefined; exponent++) {
      const range = { scale: 2 ** (exponent - 32), start: 1, end: 2, tolerance: deepTolerance };
      deep.push(...append(pieces, approximate(tail, range)));
    }
    for (let exponent = exponentRefined; exponent <= exponentMax; exponent++) {
      const scale = 2 ** (exponent - 32);
      for (let cell = 0; cell < cellsPerOctave; cell++) {
        const start = 1 + cell / cellsPerOctave;
        const end = start + 1 / cellsPerOctave;
        const found = approximate(tail, { scale, start, end, tolerance: cellTolerance });
        const octave = side * octaves + exponent - exponentMin;
        const at = (octave * cellsPerOctave + cell) * tableLayout.cellSize;
        if (found.length === 1) {
          const { c0, c1, c2, c3 } = found[0]!;
          cells.set([c0, c1, c2, c3], at);
        } else {
          cells.set([Number.NaN, ...append(pieces, found), 0], at);
          irregularShare += scale / cellsPerOctave;
        }
      }
    }
  });
  return {
    cells,
    pieces: Float64Array.from(pieces),
    deep: Float64Array.from(deep),
    irregularShare,
  };
}

function append(pieces: number[], found: readonly QuantilePiece[]): [number, number] {
  const first = pieces.length / tableLayout.pieceSize;
  for (const { start, c0, c1, c2, c3 } of found) pieces.push(start, c0, c1, c2, c3);
  return [first, found.length];
}

/** Upper and lower tail of a distribution. */
function tailsOf(distribution: Distribution): [Tail, Tail] {
  const levels = distribution.breakpoints === "everywhere" ? [] : distribution.breakpoints;
  const ascending = [...levels].sort((a, b) => a - b);
  return [
    {
      valueAt: (level) => distribution.upperQuantile(level),
      levelOf: (value) => distribution.survival(value),
      breaks: ascending.filter((level) => level <= 0.5),
    },
    {
      valueAt: (level) => distribution.quantile(level),
      levelOf: (value) => distribution.cdf(value),
      breaks: ascending
        .filter((level) => level >= 0.5)
        .map((level) => 1 - level)
        .reverse(),
    },
  ];
}
