import { needDurationMs } from "../../core/duration.ts";
import { needInteger, needNumber, needOneOf, refuse } from "../../core/need.ts";
import { suggestion } from "./nearest.ts";
import { type JsonSchema, nameOf, type Shape } from "./shape.ts";

/** Bounds of a number. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
  /** The lower bound itself is out. */
  readonly exclusiveMin?: boolean;
  /** The upper bound itself is out. */
  readonly exclusiveMax?: boolean;
  /** `null` stands for infinity, which JSON cannot write. */
  readonly isEndless?: boolean;
}

/** A number. */
export function number(bounds: NumberBounds = {}): Shape<number> {
  const { isEndless = false, ...range } = bounds;
  return {
    read: (value, place) => {
      if (isEndless && (value === null || value === Infinity)) return Infinity;
      const finite = range.max === undefined ? { ...range, max: Number.MAX_VALUE } : range;
      return needNumber(place.where, nameOf(place), value, finite);
    },
    schema: () => orNull(isEndless, { type: "number", ...limits(range) }),
  };
}

/** A probability or share, in [0, 1]. */
export const share: Shape<number> = number({ min: 0, max: 1 });

/** An integer. */
export function integer(range: { readonly min?: number; readonly max?: number }): Shape<number> {
  return {
    read: (value, place) => needInteger(place.where, nameOf(place), value, range),
    schema: () => ({ type: "integer", ...limits(range) }),
  };
}

/** What a duration in text form looks like to a schema; the reader knows the units. */
const durationPattern =
  "^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*[A-Za-z\\u00b5\\u03bc]+\\s*$";

/** A length of time: a number of ms, or a text with a unit; read as ms. */
export function duration({
  positive = false,
  isEndless = false,
}: {
  readonly positive?: boolean;
  readonly isEndless?: boolean;
} = {}): Shape<number> {
  const limit = positive ? { exclusiveMinimum: 0 } : { minimum: 0 };
  return {
    read: (value, place) => {
      if (isEndless && (value === null || value === Infinity)) return Infinity;
      return needDurationMs(place.where, nameOf(place), value, { positive });
    },
    schema: () => {
      const forms: JsonSchema[] = [
        { type: "number", ...limit },
        { type: "string", pattern: durationPattern },
      ];
      return { anyOf: isEndless ? [...forms, { type: "null" }] : forms };
    },
  };
}

/** A difference of times: a number of ms of either sign, or a text with a unit and perhaps a sign. */
export const signedDuration: Shape<number> = {
  read: (value, place) => {
    if (typeof value !== "string") return needNumber(place.where, nameOf(place), value);
    const isNegative = value.trimStart().startsWith("-");
    const size = needDurationMs(place.where, nameOf(place), value.replace(/^\s*-/, ""));
    return isNegative ? -size : size;
  },
  schema: () => ({ anyOf: [{ type: "number" }, { type: "string", pattern: durationPattern }] }),
};

/** True or false. */
export const truth: Shape<boolean> = {
  read: (value, place) =>
    typeof value === "boolean" ? value : refuse(place.where, nameOf(place), "true or false", value),
  schema: () => ({ type: "boolean" }),
};

/** Always true: a switch that is absent where it is off. */
export const onlyTrue: Shape<true> = {
  read: (value, place) =>
    value === true ? value : refuse(place.where, nameOf(place), "true, or left out", value),
  schema: () => ({ const: true }),
};

/** A text that is not empty, or any text. */
export function text({
  mayBeEmpty = false,
}: {
  readonly mayBeEmpty?: boolean;
} = {}): Shape<string> {
  return {
    read: (value, place) => {
      if (typeof value === "string" && (mayBeEmpty || value !== "")) return value;
      const what = mayBeEmpty ? "a text" : "a text that is not empty";
      return refuse(place.where, nameOf(place), what, value);
    },
    schema: () => ({ type: "string", ...(!mayBeEmpty && { minLength: 1 }) }),
  };
}

/** One of a closed list of names. */
export function oneOf<Name extends string>(names: readonly Name[]): Shape<Name> {
  return {
    read: (value, place) => {
      if (names.includes(value as Name) || typeof value !== "string") {
        return needOneOf(place.where, nameOf(place), value, names);
      }
      const list = names.map((name) => `"${name}"`).join(", ");
      return refuse(place.where, nameOf(place), `one of ${list}${suggestion(value, names)}`, value);
    },
    schema: () => ({ enum: [...names] }),
  };
}

function limits({ min, max, exclusiveMin, exclusiveMax }: NumberBounds): JsonSchema {
  return {
    ...(min !== undefined && { [exclusiveMin ? "exclusiveMinimum" : "minimum"]: min }),
    ...(max !== undefined && { [exclusiveMax ? "exclusiveMaximum" : "maximum"]: max }),
  };
}

function orNull(isEndless: boolean, schema: JsonSchema): JsonSchema {
  return isEndless ? { anyOf: [schema, { type: "null" }] } : schema;
}
