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
  const bytes = room.length < 13 + 3 * purpose.length + entityRoom(entity) ? longer(key) : room;
  writeInteger(bytes, 0, seed);
  const end = writeText(bytes, 12, purpose);
  const purposeLength = end - 12;
  bytes[8] = purposeLength;
  bytes[9] = purposeLength >>> 8;
  bytes[10] = purposeLength >>> 16;
  bytes[11] = purposeLength >>> 24;
  bytes[end] = entity === undefined ? 0 : typeof entity === "string" ? 2 : 1;
  const length =
    typeof entity === "string"
      ? writeText(bytes, end + 1, entity)
      : writeInteger(bytes, end + 1, indexOf(where, entity));
  return murmur3(bytes, 0, length);
}

const utf8 = new TextEncoder();

/** Where keys are written, each over the one before: runs derive streams by the dozen. */
const room = new Uint8Array(256);

function entityRoom(entity: StreamKey["entity"]): number {
  return typeof entity === "string" ? 3 * entity.length : 8;
}

function longer({ purpose, entity }: StreamKey): Uint8Array {
  return new Uint8Array(13 + 3 * purpose.length + entityRoom(entity));
}

function indexOf(where: string, entity: unknown): number {
  if (entity === undefined) return 0;
  if (!Number.isSafeInteger(entity) || (entity as number) < 0) {
    refuse(where, "entity", "a name or an integer >= 0", entity);
  }
  return entity as number;
}

/** Writes UTF-8 and returns where it ends; plain letters need no encoder. */
function writeText(bytes: Uint8Array, offset: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return offset + utf8.encodeInto(text, bytes.subarray(offset)).written;
    bytes[offset + i] = code;
  }
  return offset + text.length;
}

/** Writes eight bytes, little-endian, and returns where they end. */
function writeInteger(bytes: Uint8Array, offset: number, value: number): number {
  writeWord(bytes, offset, value >>> 0);
  writeWord(bytes, offset + 4, Math.floor(value / 2 ** 32));
  return offset + 8;
}

function writeWord(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word;
  bytes[offset + 1] = word >>> 8;
  bytes[offset + 2] = word >>> 16;
  bytes[offset + 3] = word >>> 24;
}
