import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonSchema, schemaErrors } from "../../test/jsonSchema.ts";
import { buildWorld } from "./buildWorld.ts";
import { exampleScenarios } from "./exampleScenarios.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import { scenarioSchema } from "./scenarioSchema.ts";
import { defaultScenario } from "./scenarioShape.ts";
import { setPath } from "./setPath.ts";
import { simulate } from "./simulate.ts";

const schema = scenarioSchema() as JsonSchema;
const examples = Object.entries(exampleScenarios);

function refusal(value: unknown): string {
  try {
    scenarioFromJson(value, "simulate");
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as Error).message;
  }
}

describe("reading a scenario", () => {
  test("nothing at all is the default scenario", () => {
    expect(scenarioFromJson({})).toEqual(defaultScenario);
  });

  test.each(examples)("%s: what was read reads back the same, from JSON too", (_, example) => {
    const scenario = scenarioFromJson(example);
    expect(scenarioFromJson(scenario)).toEqual(scenario);
    expect(scenarioFromJson(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
  });

  test("durations are read once, objects are merged, choices replaced", () => {
    const scenario = scenarioFromJson(exampleScenarios.patroniAcrossZones);
    expect(scenario.durationMs).toBe(120_000);
    const { options } = scenario.protocol;
    expect(options.failover).toMatchObject({ kind: "lease", ttlMs: 30_000, loopMs: 10_000 });
    expect(options.retention).toEqual({
      ...defaultScenario.protocol.options.retention,
      entries: 1000,
    });
    expect(options.shipping).toEqual(defaultScenario.protocol.options.shipping);
    expect(scenario.clients[1]).toEqual({ region: "b", share: 1 });
    expect(scenario.network.transport).toMatchObject({ retransmitMs: 200, giveUpMs: Infinity });
    expect(scenario.faults[0]!.when).toEqual({ kind: "at", atMs: [20_000] });
  });

  test.each([
    ["durationMs", "5 parsecs", "need durationMs to be a duration: a number of ms"],
    ["durationMs", 0, "need durationMs to be a duration"],
    ["warmUpMs", 60_000, "need warmUpMs to be a number in [0, 60000), got 60000"],
    ["protcol", {}, "among name, description"],
    ["protcol", {}, '(did you mean "protocol"?), got "protcol"'],
    ["protocol.replicas", [], "need protocol.replicas to be a list that is not empty"],
    ["protocol.options.acknowledgement", { kind: "sync" }, "protocol.options.acknowledgement.kind"],
    [
      "protocol.options.acknowledgement",
      { kind: "semi-synchronus" },
      '(did you mean "semi-synchronous"?), got "semi-synchronus"',
    ],
    [
      "protocol.options.acknowledgement",
      { kind: "majority", followers: 1 },
      'need fields of protocol.options.acknowledgement of kind "majority" to be none',
    ],
    [
      "protocol.options.acknowledgement",
      { kind: "semi-synchronous", followers: 3 },
      "need protocol.options.acknowledgement.followers to be an integer in [1, 2], got 3",
    ],
    ["protocol.controllers", ["here"], 'empty, or a list of 0: so many nodes has failover "none"'],
    [
      "protocol.options.failover",
      { kind: "election", timeout: { minMs: 3, maxMs: 2 } },
      "need protocol.options.failover.timeout.maxMs to be at least 3 ms, got 2",
    ],
    [
      "faults",
      [
        {
          what: { kind: "crash", target: { kind: "leader" }, lastsMs: "1 s" },
          when: { kind: "at" },
        },
      ],
      "need faults[0].when.atMs to be given, got undefined",
    ],
    [
      "faults",
      [
        {
          what: { kind: "crash", target: { kind: "node", node: "replica-4" }, lastsMs: "1 s" },
          when: { kind: "at", atMs: 1 },
        },
      ],
      "faults[0].what.target.node",
    ],
    [
      "clients",
      [{ name: "replica-2" }],
      'need names of nodes to be different from each other, got "replica-2"',
    ],
    [
      "network.latency",
      { kind: "oneWays", regions: ["there"], oneWayMs: [[1]] },
      'need protocol.replicas[0].region to be a region of the network ("there") (did you mean "there"?), got "here"',
    ],
    [
      "script",
      [
        { atMs: 2, kind: "read", key: 0 },
        { atMs: 1, kind: "read", key: 0 },
      ],
      "script[1].atMs",
    ],
    ["script", [{ atMs: 2, client: 1, kind: "read", key: 0 }], "need script[0].client"],
    ["script", [{ atMs: 2, kind: "read", key: 0, after: 0 }], "need script[0].after"],
    ["workload.mix", {}, "mix"],
    ["protocol.replicas", [{ serviceMs: { wrte: 1 } }], '(did you mean "write"?), got "wrte"'],
    [
      "faults",
      [
        {
          what: { kind: "crash", target: { kind: "leader", partition: 1 }, lastsMs: 1 },
          when: { kind: "at", atMs: 1 },
        },
      ],
      "need faults[0].what.target.partition to be an integer in [0, 0], got 1",
    ],
    ["network.loss", { kind: "independent", probability: 2 }, "network.loss.probability"],
    ["network.latency", { kind: "uniform", minMs: -5, maxMs: 5 }, "network.latency"],
  ] as const)("%s = %j is refused", (path, value, text) => {
    const message = refusal(setPath(defaultScenario, path, value));
    expect(message).toMatch(/^simulate: need [^\n]+, got [^\n]+$/);
    expect(message).toContain(text);
  });

  test("the rules of a lease and of monitors", () => {
    const monitored = (failover: object, controllers: readonly string[] = []) =>
      refusal({ protocol: { controllers, options: { failover } } });
    expect(monitored({ kind: "lease", ttlMs: 29_999 })).toContain(
      "failover.ttlMs to be a number in [30000, Infinity] ms (loopMs + 2 retryMs), got 29999",
    );
    expect(monitored({ kind: "lease", ttlMs: 30_000 })).toBe("");
    expect(monitored({ kind: "lease", storeNodes: 2 }, ["here"])).toContain("a list of 2");
    expect(monitored({ kind: "lease", storeNodes: 2 }, ["here", "there"])).toBe("");
    expect(monitored({ kind: "controller", monitors: 2, quorum: 2 })).toBe("");
    expect(monitored({ kind: "controller", monitors: 2, quorum: 3 })).toContain("failover.quorum");
    expect(monitored({ kind: "manual" }, ["here", "here"])).toContain("a list of 1");
  });
});

test("faults find nodes by the roles that they have in the world", () => {
  const of = (role: string, kind: string) => ({
    protocol: { options: { failover: { kind } } },
    faults: [
      {
        what: { kind: "crash", target: { kind: "role", role }, lastsMs: "1 s" },
        when: { kind: "at", atMs: 1 },
      },
    ],
  });
  for (const kind of ["lease", "controller", "manual"]) {
    const scenario = scenarioFromJson(of("client", kind));
    const roles = buildWorld(scenario).world.nodes.map(({ protocol }) => protocol.role);
    expect(new Set(roles).size).toBe(3);
    for (const role of roles) expect(refusal(of(role, kind))).toBe("");
  }
  expect(refusal(of("monitor", "none"))).toContain("faults[0].what.target.role");
});

describe("the JSON Schema", () => {
  test.each(examples)("accepts %s, as written and as read", (_, example) => {
    expect(schemaErrors(schema, example)).toEqual([]);
    const read = JSON.parse(JSON.stringify(scenarioFromJson(example)));
    expect(schemaErrors(schema, read)).toEqual([]);
  });

  test("every field has a meaning, and every reference leads somewhere", () => {
    let fields = 0;
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { properties, $ref } = value as JsonSchema;
      if ($ref !== undefined) expect(schema.$defs).toHaveProperty($ref.replace("#/$defs/", ""));
      for (const [name, part] of Object.entries(properties ?? {})) {
        const isOfDistribution = Object.values(schema.$defs!.distribution!.anyOf!).includes(
          value as JsonSchema,
        );
        if (name === "kind" || name === "$schema" || isOfDistribution) continue;
        if (name === "weight" || name === "percent" || name === "valueMs") continue;
        fields++;
        if (name !== "distribution") expect(part, name).toHaveProperty("description");
      }
      for (const part of Object.values(value)) visit(part);
    };
    visit(schema);
    expect(fields).toBeGreaterThan(100);
  });

  // What a schema refuses, the reader must: an editor may never mark what would run.
  test("refuses nothing that the reader accepts: 4000 mutants", () => {
    const stuff = [null, true, -1, 0, 0.5, 3, 1e9, "x", "", "5 s", "-5 s", "1 parsec", [], {}];
    const odd = [{ kind: "none" }, { kind: "leader" }, [1, 2], { kind: "constant", valueMs: 1 }];
    const values = fc.constantFrom<unknown>(...stuff, ...odd);
    let refused = 0;
    let mutants = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...examples.slice(1).map(([, example]) => example)),
        fc.nat(),
        fc.constantFrom("replace", "remove", "add"),
        values,
        (example, place, what, value) => {
          const mutant = mutate(example, place, what, value);
          const errors = schemaErrors(schema, mutant);
          mutants++;
          if (errors.length === 0) return;
          refused++;
          expect(refusal(mutant), errors.join("; ")).not.toBe("");
        },
      ),
      { numRuns: 4000 },
    );
    expect(refused / mutants).toBeGreaterThan(0.4);
  });
});

/** The example with one of its parts replaced or removed, or a field added to it. */
function mutate(example: object, place: number, what: string, value: unknown): unknown {
  const paths: string[] = [];
  const visit = (part: unknown, path: string): void => {
    if (path !== "") paths.push(path);
    if (typeof part !== "object" || part === null) return;
    for (const [key, inner] of Object.entries(part))
      visit(inner, path === "" ? key : `${path}.${key}`);
  };
  visit(example, "");
  const copy = structuredClone(example) as Record<string, unknown>;
  const keys = paths[place % paths.length]!.split(".");
  let owner: Record<string, unknown> = copy;
  for (const key of keys.slice(0, -1)) owner = owner[key] as Record<string, unknown>;
  const last = keys.at(-1)!;
  if (what === "replace") owner[last] = value;
  else if (what === "add") owner[`${last}s`] = value;
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
  return copy;
}

test("statements that come out differently make replicas differ; logged rows do not", () => {
  const rows = (logFormat: object, software?: object) =>
    simulate(
      {
        protocol: { replicas: [{}, {}, software ? { software } : {}], options: { logFormat } },
        workload: { mix: { write: 1 }, keys: { kind: "uniform", count: 20 } },
        ...{ warmUpMs: 0, durationMs: "10 s", settleMs: "1 s" },
      },
      { runs: 3 },
    ).metrics.divergentRows!.estimate!.value;
  expect(rows({ kind: "logical" })).toBe(0);
  // Some 1,000 writes to 20 keys: the last write of nearly every key counts, one in two by chance.
  const differing = rows({ kind: "statement", nondeterministicShare: 0.5 });
  expect(differing).toBeGreaterThan(2);
  expect(differing).toBeLessThan(18);
});

test("a follower of another version cannot replay a physical log", () => {
  const timeToLag = (version: number) =>
    simulate(
      {
        protocol: {
          replicas: [{}, {}, { software: { version, afterRestart: version } }],
          options: { logFormat: { kind: "physical" } },
        },
        clientOptions: { reads: { kind: "any" } },
        workload: { keys: { kind: "uniform", count: 2 } },
        ...{ warmUpMs: 0, durationMs: "10 s" },
      },
      { runs: 3 },
    ).metrics.staleReadRate!.estimate!.value;
  expect(timeToLag(1)).toBeLessThan(0.05);
  expect(timeToLag(2)).toBeGreaterThan(0.25);
});
