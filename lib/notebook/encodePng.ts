import { constants, crc32, deflateSync } from "node:zlib";

/** Pixels of a picture: red, green, blue and opacity of each, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * PNG with a palette: a quarter of the size of one with full colours, which matters for pictures that
 * are stored in notebooks. Charts have a few hundred colours, most of them edges of letters; those
 * beyond 256 become their nearest neighbour. The picture must be opaque.
 *
 * Run-length matching only: other strategies of zlib give different bytes on different processors.
 *
 * @see PNG specification, third edition, W3C 2025, sections 5, 9 and 11
 */
export function encodePng({ width, height, rgba }: Pixels): Uint8Array {
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (rgba[4 * at]! << 16) | (rgba[4 * at + 1]! << 8) | rgba[4 * at + 2]!;
  }
  const palette = commonColours(pixels);
  const indexed = indexedRows(pixels, { width, height, palette });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, colour type 3 (palette), the only compression and filter method, no interlace.
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(
    palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  );
  const data = deflateSync(indexed, { level: 9, strategy: constants.Z_RLE });
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

/** The most frequent colours, at most 256; equally frequent ones by their value. */
function commonColours(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return byCount.slice(0, 256).map(([colour]) => colour);
}

interface IndexedRequest {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly number[];
}

/** Rows of palette indices, each as the difference to the row above it (filter type 2, Up). */
function indexedRows(pixels: Uint32Array, { width, height, palette }: IndexedRequest): Uint8Array {
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  const rows = new Uint8Array((width + 1) * height);
  const above = new Uint8Array(width);
  for (let y = 0, out = 0; y < height; y++) {
    rows[out++] = 2;
    for (let x = 0; x < width; x++) {
      const colour = pixels[y * width + x]!;
      const index = indexOf.get(colour) ?? addNearest(colour, palette, indexOf);
      rows[out++] = index - above[x]!;
      above[x] = index;
    }
  }
  return rows;
}

function addNearest(
  colour: number,
  palette: readonly number[],
  indexOf: Map<number, number>,
): number {
  let nearest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const [index, other] of palette.entries()) {
    const distance =
      ((colour >> 16) - (other >> 16)) ** 2 +
      (((colour >> 8) & 255) - ((other >> 8) & 255)) ** 2 +
      ((colour & 255) - (other & 255)) ** 2;
    if (distance < smallest) [nearest, smallest] = [index, distance];
  }
  indexOf.set(colour, nearest);
  return nearest;
}

/** A chunk: length, name, content and check sum of both. */
function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
