import { needRecord, refuse } from "../../core/need.ts";
import { suggestion } from "./nearest.ts";
import {
  type Definitions,
  type Field,
  type FieldsOf,
  inside,
  type JsonSchema,
  nameOf,
  type Place,
  type Shape,
} from "./shape.ts";

type AnyFields = Readonly<Record<string, Field<unknown>>>;

/** An object with named fields; those left out are taken from `defaults`. */
export function record<Value extends object>(
  fields: FieldsOf<Value>,
  defaults: Partial<Value> = {},
): Shape<Value> {
  const all: AnyFields = withFallbacks(fields as unknown as AnyFields, defaults);
  return {
    read: (value, place) =>
      readFields(all, needRecord(place.where, nameOf(place), value), place) as Value,
    schema: (definitions) => fieldsSchema(all, definitions),
  };
}

/** What one alternative of a choice is, and its fields beyond `kind`. */
export interface Alternative<Value> {
  readonly meaning: string;
  readonly fields: FieldsOf<Omit<Value, "kind">>;
}

/** An alternative of a choice by its meaning and its fields. */
export function alternative<Value>(
  meaning: string,
  fields: FieldsOf<Omit<Value, "kind">>,
  defaults: Partial<Omit<Value, "kind">> = {},
): Alternative<Value> {
  const all = withFallbacks(fields as unknown as AnyFields, defaults);
  return { meaning, fields: all as unknown as FieldsOf<Omit<Value, "kind">> };
}

/**
 * A union told apart by its `kind`. Replaced as a whole, never merged: the fields of one kind say nothing
 * about another.
 */
export function choice<Value extends { readonly kind: string }>(
  alternatives: {
    readonly [Kind in Value["kind"]]: Alternative<Extract<Value, { readonly kind: Kind }>>;
  },
): Shape<Value> {
  const all = alternatives as unknown as Readonly<
    Record<string, { readonly meaning: string; readonly fields: AnyFields }>
  >;
  const kinds = Object.keys(all);
  return {
    read: (value, place) => {
      const { kind, ...given } = needRecord(place.where, nameOf(place), value);
      if (!kinds.includes(kind as string)) refuseKind(kind, kinds, place);
      const { fields } = all[kind as string]!;
      return { kind, ...readFields(fields, given, place, `"${kind}"`) } as Value;
    },
    schema: (definitions) => ({
      anyOf: kinds.map((kind) => {
        const { meaning, fields } = all[kind]!;
        const { properties, required, ...rest } = fieldsSchema(fields, definitions);
        return {
          ...rest,
          description: meaning,
          properties: { kind: { const: kind }, ...(properties as object) },
          required: ["kind", ...((required as string[] | undefined) ?? [])],
        };
      }),
    }),
  };
}

/** A list; replaced as a whole. */
export function list<Value>(
  element: Shape<Value>,
  { min = 0, isSingleToo = false }: { readonly min?: number; readonly isSingleToo?: boolean } = {},
): Shape<readonly Value[]> {
  return {
    read: (value, place) => {
      const what =
        min === 0 ? "a list" : min === 1 ? "a list that is not empty" : `a list of ${min}`;
      const items = isSingleToo && !Array.isArray(value) ? [value] : value;
      if (!Array.isArray(items) || items.length < min) {
        return refuse(place.where, nameOf(place), what, value);
      }
      return items.map((item, index) => element.read(item, inside(place, index)));
    },
    schema: (definitions) => {
      const items = element.schema(definitions);
      const array = { type: "array", items, ...(min > 0 && { minItems: min }) };
      return isSingleToo ? { anyOf: [items, array] } : array;
    },
  };
}

/** Any names, each with a value of one shape. */
export function byName<Value>(element: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return {
    read: (value, place) =>
      Object.fromEntries(
        Object.entries(needRecord(place.where, nameOf(place), value)).map(([name, item]) => [
          name,
          element.read(item, inside(place, name)),
        ]),
      ),
    schema: (definitions) => ({
      type: "object",
      additionalProperties: element.schema(definitions),
    }),
  };
}

/** A value of a shape, or `null`. */
export function orNull<Value>(shape: Shape<Value>): Shape<Value | null> {
  return {
    read: (value, place) => (value === null ? null : shape.read(value, place)),
    schema: (definitions) => ({ anyOf: [shape.schema(definitions), { type: "null" }] }),
  };
}

/** A value of one of two shapes, told apart by looking at it. */
export function either<First, Second>(
  isFirst: (value: unknown) => boolean,
  first: Shape<First>,
  second: Shape<Second>,
): Shape<First | Second> {
  return {
    read: (value, place) => (isFirst(value) ? first.read(value, place) : second.read(value, place)),
    schema: (definitions) => ({
      anyOf: [
        ...alternativesOf(first.schema(definitions)),
        ...alternativesOf(second.schema(definitions)),
      ],
    }),
  };
}

/** A shape with a name, which may contain itself: the schema refers to it. */
export function named<Value>(name: string, make: () => Shape<Value>): Shape<Value> {
  let made: Shape<Value> | undefined;
  const shape = (): Shape<Value> => {
    made ??= make();
    return made;
  };
  return {
    read: (value, place) => shape().read(value, place),
    schema: (definitions) => {
      if (!Object.hasOwn(definitions, name)) {
        definitions[name] = {};
        definitions[name] = shape().schema(definitions);
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const isPlain = Object.keys(schema).length === 1 && Array.isArray(schema.anyOf);
  return isPlain ? (schema.anyOf as JsonSchema[]) : [schema];
}

function readFields(
  fields: AnyFields,
  given: Record<string, unknown>,
  place: Place,
  owner: string = nameOf(place),
): Record<string, unknown> {
  const names = Object.keys(fields);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const of = owner === nameOf(place) ? owner : `${nameOf(place)} of kind ${owner}`;
    const accepted = names.length === 0 ? "none" : `among ${names.join(", ")}`;
    refuse(place.where, `fields of ${of}`, `${accepted}${suggestion(name, names)}`, name);
  }
  const read: Record<string, unknown> = {};
  for (const name of names) {
    const value = readField(fields[name]!, given[name], inside(place, name));
    if (value !== undefined) read[name] = value;
  }
  return read;
}

function withFallbacks(fields: AnyFields, defaults: object): AnyFields {
  const preset = defaults as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) => [
      name,
      preset[name] === undefined ? each : { ...each, fallback: preset[name] },
    ]),
  );
}

function readField(field: Field<unknown>, value: unknown, place: Place): unknown {
  if (value !== undefined) return field.shape.read(value, place);
  if (field.fallback !== undefined) return field.fallback;
  if (field.isOptional) return undefined;
  return refuse(place.where, nameOf(place), "given", undefined);
}

function refuseKind(kind: unknown, kinds: readonly string[], place: Place): never {
  const names = kinds.map((name) => `"${name}"`).join(", ");
  const hint = typeof kind === "string" ? suggestion(kind, kinds) : "";
  return refuse(place.where, nameOf(inside(place, "kind")), `one of ${names}${hint}`, kind);
}

function fieldsSchema(fields: AnyFields, definitions: Definitions): JsonSchema {
  const names = Object.keys(fields);
  const required = names.filter((name) => {
    const { fallback, isOptional } = fields[name]!;
    return fallback === undefined && !isOptional;
  });
  return {
    type: "object",
    properties: Object.fromEntries(
      names.map((name) => {
        const { shape, meaning, fallback } = fields[name]!;
        const description = { description: meaning };
        const preset = isShort(fallback) ? { default: fallback } : {};
        return [name, { ...description, ...preset, ...shape.schema(definitions) }];
      }),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** Whether a default is worth showing: an object without `kind` shows those of its fields instead. */
function isShort(fallback: unknown): boolean {
  if (fallback === undefined || fallback === Infinity) return false;
  return !isRecord(fallback) || "kind" in (fallback as object);
}
