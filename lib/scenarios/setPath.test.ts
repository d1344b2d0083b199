import { expect, test } from "vitest";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import { defaultScenario } from "./scenarioShape.ts";
import { setPath } from "./setPath.ts";

const election = scenarioFromJson({
  protocol: { options: { failover: { kind: "election" } } },
  faults: [{ what: { kind: "congestion", factor: 2, lastsMs: 5 }, when: { kind: "at", atMs: 1 } }],
});

test("a value deep inside is replaced, and nothing else", () => {
  const changed = setPath(election, "protocol.options.failover.timeout.minMs", 7);
  expect(changed.protocol.options.failover).toMatchObject({ timeout: { minMs: 7, maxMs: 2000 } });
  expect(election.protocol.options.failover).toMatchObject({ timeout: { minMs: 1000 } });
  expect(changed.clients).toBe(election.clients);
});

test("places in lists are written both ways; the one after the last adds", () => {
  const first = setPath(election, "faults[0].what.factor", 3);
  expect(first.faults[0]!.what).toMatchObject({ factor: 3 });
  expect(setPath(election, "faults.0.what.factor", 3)).toEqual(first);
  const site = { region: "here", share: 1 };
  expect(setPath(election, "clients[1]", site).clients).toHaveLength(2);
  expect(() => setPath(election, "clients[2]", site)).toThrow(
    'setPath: need "2" of path "clients[2]" to be an integer in [0, 1], got "2"',
  );
});

test("a new kind replaces the alternative, which then has its defaults", () => {
  const lease = setPath(
    setPath(election, "protocol.options.failover.kind", "lease"),
    "protocol.controllers",
    ["here"],
  );
  expect(lease.protocol.options.failover).toEqual({ kind: "lease" });
  expect(scenarioFromJson(lease).protocol.options.failover).toMatchObject({ ttlMs: 30_000 });
  const same = setPath(election, "protocol.options.failover.kind", "election");
  expect(same).toEqual(election);
});

test("optional fields that are absent can be set", () => {
  const loss = { kind: "independent", probability: 0.1 };
  expect(scenarioFromJson(setPath(defaultScenario, "network.loss", loss)).network.loss).toEqual(
    loss,
  );
});

test.each([
  ["protocl.options", "the scenario has name, description, protocol", 'did you mean "protocol"?'],
  ["protocol.options.failovr.kind", "protocol.options has acknowledgement", '"failover"?'],
  ["name.short", "name has none", 'got "scenario"'],
  ["faults[0].what", "the list is empty", 'got "0"'],
  ["", "names joined by dots", 'got ""'],
  ["a..b", "names joined by dots", 'got "a..b"'],
  ["constructor.name", "the scenario has name", "constructor"],
])("the path %j leads nowhere", (path, ...texts) => {
  for (const text of texts) expect(() => setPath(defaultScenario, path, 1)).toThrow(text);
});

test("an end that does not exist is refused where the scenario is read", () => {
  const changed = setPath(defaultScenario, "protocol.options.shipping.heartbeetMs", 1);
  expect(() => scenarioFromJson(changed)).toThrow(
    /fields of protocol.options.shipping to be among .* \(did you mean "heartbeatMs"\?\), got "heartbeetMs"/,
  );
});
