import type { Distribution } from "./distribution.ts";
import { approximate, type QuantilePiece } from "./quantilePieces.ts";
import { type Tail, tailsOf } from "./quantileTails.ts";

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

/** Largest error of a cell in probability, and relative to the mass beyond the value. */
const cellError = 2 ** -30;
const cellTolerance = 2 ** -24;
/** The same, relative, where draws are refined: there all mass is below 2^-17. */
const refinedTolerance = 2 ** -20;

/**
 * Largest distance between the distribution functions of a table's draws and of its distribution:
 * cells differ by 2^-30 at most, refined draws by less, the grid of 32-bit draws adds 2^-33.
 *
 * A probability of a stale read among n replicas, a function of 4 n draws, differs by at most 6 n
 * times this: as a function of one draw with the others fixed, the event is an interval for W (two
 * edges), a half-line for A and for S (one), and the complement of an interval for R (two).
 */
export const tableErrorMax: number = 2 ** -30 + 2 ** -33;

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
const madeMax = 256;
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
  const size = 2 * octaves * cellsPerOctave * tableLayout.cellSize;
  const draft: Draft = { cells: new Float64Array(size).fill(Number.NaN), pieces: [], deep: [] };
  const shares = tailsOf(distribution).map((tail, side) => {
    addRefinedOctaves(draft, tail);
    return addCells(draft, tail, side);
  });
  return {
    cells: draft.cells,
    pieces: Float64Array.from(draft.pieces),
    deep: Float64Array.from(draft.deep),
    irregularShare: shares.reduce((sum, share) => sum + share, 0),
  };
}

interface Draft {
  readonly cells: Float64Array;
  readonly pieces: number[];
  readonly deep: number[];
}

function addRefinedOctaves({ pieces, deep }: Draft, tail: Tail): void {
  for (let exponent = refinedMin; exponent < exponentRefined; exponent++) {
    const range = { scale: 2 ** (exponent - 32), start: 1, end: 2, tolerance: refinedTolerance };
    deep.push(...append(pieces, approximate(tail, range)));
  }
}

/** Fills the cells of one tail; returns the probability of those that take several pieces. */
function addCells({ cells, pieces }: Draft, tail: Tail, side: number): number {
  let irregular = 2 ** (exponentRefined - 32);
  for (let exponent = exponentRefined; exponent <= exponentMax; exponent++) {
    const scale = 2 ** (exponent - 32);
    const tolerance = Math.min(cellTolerance, cellError / (2 * scale));
    const octave = side * octaves + exponent - exponentMin;
    for (let cell = 0; cell < cellsPerOctave; cell++) {
      const start = 1 + cell / cellsPerOctave;
      const found = approximate(tail, { scale, start, end: start + 1 / cellsPerOctave, tolerance });
      const at = (octave * cellsPerOctave + cell) * tableLayout.cellSize;
      if (found.length > 1) {
        cells.set([Number.NaN, ...append(pieces, found), 0], at);
        irregular += scale / cellsPerOctave;
      } else {
        const { c0, c1, c2, c3 } = found[0]!;
        cells.set([c0, c1, c2, c3], at);
      }
    }
  }
  return irregular;
}

function append(pieces: number[], found: readonly QuantilePiece[]): [number, number] {
  const first = pieces.length / tableLayout.pieceSize;
  for (const { start, c0, c1, c2, c3 } of found) pieces.push(start, c0, c1, c2, c3);
  return [first, found.length];
}
