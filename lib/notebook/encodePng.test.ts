import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodePng } from "./encodePng.ts";

/** Pixels of a PNG as another program reads them: the SVG renderer, with the picture as its content. */
function decode(png: Uint8Array, width: number, height: number): Uint8Array {
  const uri = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}"><image width="${width}" height="${height}" xlink:href="${uri}" image-rendering="optimizeSpeed"/></svg>`;
  return new Uint8Array(new Resvg(svg).render().pixels);
}

const opaque = (colours: readonly number[]): Uint8Array =>
  Uint8Array.from(colours.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255, 255]));

test("up to 256 colours are kept exactly", () => {
  const size = fc.integer({ min: 1, max: 12 });
  const picture = fc.tuple(size, size).chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 0xffffff }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((colours) => ({ width, height, rgba: opaque(colours) })),
  );
  fc.assert(
    fc.property(picture, ({ width, height, rgba }) => {
      expect(decode(encodePng({ width, height, rgba }), width, height)).toEqual(rgba);
    }),
    { numRuns: 50 },
  );
});

test("beyond 256 colours the rare ones become their nearest neighbour", () => {
  const greys = Array.from({ length: 256 }, (_, grey) => grey * 0x010101);
  const rgba = opaque([...greys, ...greys, 0x808182, 0x010000]);
  const decoded = decode(encodePng({ width: 257, height: 2, rgba }), 257, 2);
  expect(decoded.slice(0, 8 * 256)).toEqual(rgba.slice(0, 8 * 256));
  expect([...decoded.slice(8 * 256)]).toEqual([0x81, 0x81, 0x81, 255, 0, 0, 0, 255]);
});
