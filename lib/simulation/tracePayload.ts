/**
 * A copy of plain data: objects, arrays and what they hold. Anything
 * else (numbers, texts, functions) is kept as it is.
 */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy) as Value;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  const entries = Object.entries(value).map(([name, part]) => [name, plainCopy(part)]);
  return Object.fromEntries(entries) as Value;
}
