import { murmur3 } from "./murmur3.ts";
import { needInteger, refuse } from "./need.ts";

/** What a random stream is derived from: each triple has a stream of its own. */
export interface StreamKey {
  /** Seed of the whole run, integer in [0, 2^53). */
  readonly seed: number;
  /** What the draws are for, for example `"write latency"`; not empty. */
  readonly purpose: string;
  /** Whom they belong to: the index (integer >= 0) or name of a replica, client, block of trials. */
  readonly entity?: number | string | undefined;
}

/**
 * Four unsigned 32-bit words that depend on every bit of a stream's key.
 *
 * The key is written to bytes such that no two keys give the same bytes, which are then hashed:
 * seed (8 bytes, little-endian), length of the purpose (4), purpose (UTF-8), kind of the entity
 * (1 byte: 0 none, 1 index, 2 name), entity (8 bytes, or UTF-8).
 *
 * @throws {RangeError} if the seed is not an integer in [0, 2^53), the purpose is empty, or the
 * entity is neither a name nor an integer >= 0
 */
export function streamWords(where: string, key: StreamKey): [number, number, number, number] {
  const seed = needInteger(where, "seed", key.seed, { min: 0 });
  const { purpose, entity } = key;
  if (typeof purpose !== "string" || purpose === "") {
    refuse(where, "purpose", "a text that is not empty", purpose);
  }
  const purposeBytes = utf8.encode(purpose);
  const entityBytes =
    typeof entity === "string" ? utf8.encode(entity) : integerBytes(where, entity);
  const bytes = new Uint8Array(13 + purposeBytes.length + entityBytes.length);
  writeInteger(bytes, 0, seed);
  bytes[8] = purposeBytes.length;
  bytes[9] = purposeBytes.length >>> 8;
  bytes[10] = purposeBytes.length >>> 16;
  bytes[11] = purposeBytes.length >>> 24;
  bytes.set(purposeBytes, 12);
  bytes[12 + purposeBytes.length] = entity === undefined ? 0 : typeof entity === "string" ? 2 : 1;
  bytes.set(entityBytes, 13 + purposeBytes.length);
  return murmur3(bytes);
}

const utf8 = new TextEncoder();

function integerBytes(where: string, entity: unknown): Uint8Array {
  const bytes = new Uint8Array(8);
  if (entity === undefined) return bytes;
  if (!Number.isSafeInteger(entity) || (entity as number) < 0) {
    refuse(where, "entity", "a name or an integer >= 0", entity);
  }
  return writeInteger(bytes, 0, entity as number);
}

function writeInteger(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  for (let i = 0, rest = value; i < 8; i++, rest = Math.floor(rest / 256)) {
    bytes[offset + i] = rest % 256;
  }
  return bytes;
}
