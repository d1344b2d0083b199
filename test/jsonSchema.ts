/** A JSON schema, as far as the schemas of Vega-Lite (draft 7) and of scenarios (2020-12) use the language. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
}

/** What is wrong with a value by a schema; empty where it is valid. Of alternatives, the nearest miss. */
export function schemaErrors(root: JsonSchema, value: unknown): string[] {
  return check(value, root, "$");

  function check(value: unknown, schema: JsonSchema, path: string): string[] {
    if (schema.$ref !== undefined) return check(value, resolve(schema.$ref), path);
    if (schema.anyOf !== undefined) return nearestMiss(value, schema.anyOf, path);
    if ("const" in schema && value !== schema.const) return [`${path}: not ${schema.const}`];
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not in list`];
    if (schema.not !== undefined && check(value, schema.not, path).length === 0)
      return [`${path}: forbidden`];
    if (schema.type !== undefined && ![schema.type].flat().some((type) => hasType(value, type))) {
      return [`${path}: not of type ${[schema.type].flat().join(" or ")}`];
    }
    if (Array.isArray(value)) return checkItems(value, schema, path);
    if (typeof value === "object" && value !== null) return checkProperties(value, schema, path);
    if (typeof value === "number" && !isInRange(value, schema)) return [`${path}: out of range`];
    if (typeof value === "string" && !isFitting(value, schema))
      return [`${path}: not of this form`];
    return [];
  }

  function resolve(reference: string): JsonSchema {
    const name = decodeURIComponent(reference.replace(/^#\/(definitions|\$defs)\//, ""));
    const found = root.definitions?.[name] ?? root.$defs?.[name];
    if (found === undefined) throw new Error(`no definition ${name}`);
    return found;
  }

  function nearestMiss(value: unknown, schemas: readonly JsonSchema[], path: string): string[] {
    let nearest: string[] | undefined;
    for (const schema of schemas) {
      const errors = check(value, schema, path);
      if (errors.length === 0) return [];
      if (nearest === undefined || depth(errors) > depth(nearest)) nearest = errors;
    }
    return nearest ?? [];
  }

  function checkItems(values: readonly unknown[], schema: JsonSchema, path: string): string[] {
    const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
    if (values.length < minItems || values.length > maxItems)
      return [`${path}: ${values.length} items`];
    if (items === undefined) return [];
    return values.flatMap((value, index) => {
      const schema = Array.isArray(items) ? items[index] : items;
      return schema === undefined ? [] : check(value, schema as JsonSchema, `${path}[${index}]`);
    });
  }

  function checkProperties(value: object, schema: JsonSchema, path: string): string[] {
    const { properties = {}, required = [], additionalProperties = true } = schema;
    const missing = required
      .filter((name) => !(name in value))
      .map((name) => `${path}.${name}: missing`);
    const wrong = Object.entries(value).flatMap(([name, content]) => {
      const known = properties[name];
      if (known !== undefined) return check(content, known, `${path}.${name}`);
      if (typeof additionalProperties === "object")
        return check(content, additionalProperties, `${path}.${name}`);
      return additionalProperties ? [] : [`${path}.${name}: unknown property`];
    });
    return [...missing, ...wrong];
  }
}

function isInRange(value: number, schema: JsonSchema): boolean {
  const { minimum = value, maximum = value } = schema;
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  const isInside = value > exclusiveMinimum && value < exclusiveMaximum;
  return value >= minimum && value <= maximum && isInside;
}

function isFitting(value: string, { minLength = 0, pattern = "" }: JsonSchema): boolean {
  return value.length >= minLength && new RegExp(pattern, "u").test(value);
}

function depth(errors: readonly string[]): number {
  return Math.max(...errors.map((error) => error.split(":")[0]!.split(/[.[]/).length));
}

function hasType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object")
    return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}
