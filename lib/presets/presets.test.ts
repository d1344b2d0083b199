import { expect, test } from "vitest";
import type { PresetParameter } from "./preset.ts";
import { presetScenario } from "./presetScenario.ts";
import { presetByName, presetNames, presets } from "./presets.ts";

const msPerUnit: Record<string, number> = { ms: 1, s: 1000, min: 60_000 };

function atPath(setup: object, path: string): unknown {
  return path.split(".").reduce<unknown>((part, key) => (part as never)?.[key], setup);
}

/** Ends of a range such as "1-3". */
function range(value: unknown): [number, number] | undefined {
  const match = /^([\d.]+)-([\d.]+)$/.exec(String(value));
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

const numeric = presets.flatMap((preset) =>
  preset.parameters.flatMap((parameter) =>
    parameter.sets
      .filter(() => typeof parameter.value !== "boolean" && parameter.unit !== "")
      .map((path) => ({ preset, parameter, path })),
  ),
);

test.each(numeric.map((each) => [each.preset.name, each.parameter.name, each] as const))(
  "%s: the setup has what it says of %s",
  (_, __, { preset, parameter, path }) => {
    const { value, unit } = parameter;
    const factor = msPerUnit[unit] ?? 1;
    const found = atPath(preset.setup, path);
    const ends = range(value);
    if (ends && typeof found === "object") {
      expect(found).toEqual({ minMs: ends[0] * factor, maxMs: ends[1] * factor });
    } else if (typeof value === "number") {
      // A limit of the system is the upper end where the model draws from a range.
      expect((found as { maxMs?: number }).maxMs ?? found).toBe(value * factor);
    }
  },
);

test("what a parameter sets exists in the setup", () => {
  for (const { name, setup, parameters } of presets) {
    const paths = parameters.flatMap(({ sets }: PresetParameter) => sets);
    for (const path of paths) expect(atPath(setup, path), `${name}: ${path}`).not.toBe(undefined);
  }
});

test("every preset makes a scenario, names its sources and what it leaves out", () => {
  expect(new Set(presetNames).size).toBe(presets.length);
  for (const { name, sources, leftOut, failover, lossBound } of presets) {
    expect(presetScenario(name).name).toBe(name);
    expect(presetScenario(name, "isolation")).toEqual(presetScenario(`${name}/isolation`));
    for (const list of [sources, leftOut]) expect(list.length, name).toBeGreaterThan(0);
    for (const text of [failover, lossBound]) expect(text, name).toMatch(/\.$/);
  }
});

test("Patroni's rule holds: loop_wait + 2 retry_timeout <= ttl", () => {
  const { failover } = presetByName("patroni").setup.options;
  if (failover.kind !== "lease") throw new Error("no lease");
  expect(failover.loopMs + 2 * failover.retryMs).toBeLessThanOrEqual(failover.ttlMs);
});

test("a name that is none is refused with those there are", () => {
  expect(() => presetByName("postgres")).toThrow(
    /^presetByName: need name to be one of postgresql, patroni, .*, got "postgres"$/,
  );
});
