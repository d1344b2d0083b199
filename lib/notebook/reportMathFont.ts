import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { packageFolder } from "./environment.ts";

/**
 * A font face with a mathematical font inside, for pages that show formulas: without one, browsers
 * on systems that have none (most Linux machines) set brackets that do not grow.
 */
export function mathFontFace(): string {
  const folder = packageFolder("dejavu-fonts-ttf");
  if (folder === undefined) return "";
  const font = readFileSync(join(folder, "ttf", "DejaVuMathTeXGyre.ttf"));
  const woff = toWoff(font).toString("base64");
  return `@font-face { font-family: "Report Math"; src: url(data:font/woff;base64,${woff}) format("woff"); }
math, math * { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Report Math", math; }`;
}

/** A TrueType font in the container that browsers load compressed: WOFF 1.0 (W3C, 2012), section 3. */
export function toWoff(font: Buffer): Buffer {
  const tableCount = font.readUInt16BE(4);
  const headSize = 44;
  const directory = Buffer.alloc(tableCount * 20);
  const tables: Buffer[] = [];
  let offset = headSize + directory.length;
  for (let i = 0; i < tableCount; i++) {
    const entry = 12 + i * 16;
    const start = font.readUInt32BE(entry + 8);
    const plain = font.subarray(start, start + font.readUInt32BE(entry + 12));
    const packed = deflateSync(plain, { level: 9 });
    const stored = packed.length < plain.length ? packed : plain;
    font.copy(directory, i * 20, entry, entry + 4); // tag
    directory.writeUInt32BE(offset, i * 20 + 4);
    directory.writeUInt32BE(stored.length, i * 20 + 8);
    directory.writeUInt32BE(plain.length, i * 20 + 12);
    font.copy(directory, i * 20 + 16, entry + 4, entry + 8); // checksum
    tables.push(stored, Buffer.alloc(-stored.length & 3));
    offset += (stored.length + 3) & ~3;
  }
  const head = Buffer.alloc(headSize);
  head.write("wOFF", 0, "latin1");
  font.copy(head, 4, 0, 4); // flavour
  head.writeUInt32BE(offset, 8);
  head.writeUInt16BE(tableCount, 12);
  head.writeUInt32BE(plainSize(font, tableCount), 16);
  head.writeUInt16BE(1, 20);
  return Buffer.concat([head, directory, ...tables]);
}

function plainSize(font: Buffer, tableCount: number): number {
  let size = 12 + 16 * tableCount;
  for (let i = 0; i < tableCount; i++) size += (font.readUInt32BE(12 + i * 16 + 12) + 3) & ~3;
  return size;
}
