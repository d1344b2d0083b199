/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Parts of a schema that others refer to by name: the `$defs` of the whole. */
export type Definitions = Record<string, JsonSchema>;

/** Where a value stands, for errors. */
export interface Place {
  /** Function that the value was given to. */
  readonly where: string;
  /** Way to the value, for example `faults[2].when`; empty for the whole. */
  readonly path: string;
}

/**
 * What a value given as JSON may be: checks it and describes it, from one text, so that the check and the
 * schema cannot drift apart.
 */
export interface Shape<Value> {
  /**
   * The value with durations in ms and defaults filled in.
   *
   * @throws {RangeError} naming the place, what is accepted and what was given
   */
  read(value: unknown, place: Place): Value;
  /** The shape as JSON Schema; refuses nothing that `read` accepts. */
  schema(definitions: Definitions): JsonSchema;
}

/** A part of a record. */
export interface Field<Value> {
  readonly shape: Shape<Value>;
  /** What it says, in a sentence; the unit is in the name. */
  readonly meaning: string;
  /** Taken where the value does not have the field; absent: it must. */
  readonly fallback?: Value;
  /** May be absent from the result. */
  readonly isOptional: boolean;
}

/** One field for each property of a type: one that is missing or unknown does not compile. */
export type FieldsOf<Value> = {
  readonly [Name in keyof Value]-?: Field<Exclude<Value[Name], undefined>>;
};

/** A field that must be there, unless the record has a default for it. */
export function field<Value>(shape: Shape<Value>, meaning: string): Field<Value> {
  return { shape, meaning, isOptional: false };
}

/** A field that may be left out. */
export function optional<Value>(shape: Shape<Value>, meaning: string): Field<Value> {
  return { shape, meaning, isOptional: true };
}

/** The place of a field or an element. */
export function inside({ where, path }: Place, key: string | number): Place {
  if (typeof key === "number") return { where, path: `${path}[${key}]` };
  return { where, path: path === "" ? key : `${path}.${key}` };
}

/** The path of a place in an error. */
export function nameOf({ path }: Place): string {
  return path === "" ? "the scenario" : path;
}
