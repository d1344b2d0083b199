/**
 * Checks of arguments at the public border: each returns the value it was given or throws one
 * `RangeError` that names the function, the field, what is accepted and what was passed.
 */

/** Throws `<where>: need <field> to be <what>, got <value>`. */
export function refuse(where: string, field: string, what: string, value: unknown): never {
  throw new RangeError(`${where}: need ${field} to be ${what}, got ${show(value)}`);
}

interface NumberRange {
  min?: number;
  max?: number;
  exclusiveMin?: boolean;
  exclusiveMax?: boolean;
  unit?: string;
}

interface IntegerRange {
  min?: number;
  max?: number;
}

/** A finite or infinite number that is not NaN and lies in [min, max]. */
export function needNumber(
  where: string,
  field: string,
  value: unknown,
  {
    min = -Infinity,
    max = Infinity,
    exclusiveMin = false,
    exclusiveMax = false,
    unit = "",
  }: NumberRange = {},
): number {
  const inRange =
    typeof value === "number" &&
    (exclusiveMin ? value > min : value >= min) &&
    (exclusiveMax ? value < max : value <= max);
  if (inRange) return value;
  const range = `${exclusiveMin ? "(" : "["}${min}, ${max}${exclusiveMax ? ")" : "]"}`;
  return refuse(where, field, `a number in ${range}${unit && ` ${unit}`}`, value);
}

/** A safe integer in [min, max]. */
export function needInteger(
  where: string,
  field: string,
  value: unknown,
  { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: IntegerRange = {},
): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  const range =
    max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer in [${min}, ${max}]`;
  return refuse(where, field, range, value);
}

/** One of a closed list of names. */
export function needOneOf<Name extends string>(
  where: string,
  field: string,
  value: unknown,
  names: readonly Name[],
): Name {
  if (names.includes(value as Name)) return value as Name;
  return refuse(where, field, `one of ${names.map((name) => `"${name}"`).join(", ")}`, value);
}

/** An object with named fields, not an array. */
export function needRecord(where: string, field: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  return refuse(where, field, "an object", value);
}

/** A list with at least one element. */
export function needList(where: string, field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  return refuse(where, field, "a list that is not empty", value);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  }
  return String(value);
}
