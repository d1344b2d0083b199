import type { Scenario } from "../scenarios/scenario.ts";
import { scenarioFromJson } from "../scenarios/scenarioFromJson.ts";
import type { Preset } from "./preset.ts";
import { presetByName } from "./presets.ts";

/** Zones of one region, as far from each other as a cloud's usually are: about 1 ms and back (assumed). */
const zones = ["a", "b", "c", "d", "e"];
const withinZoneMs = 0.3;
const betweenZonesMs = 1;

/**
 * A preset in a world of three to five zones, with 400 operations a second of which half write, and a
 * leader that crashes once and for all at a random moment: the same question for every system.
 *
 * The run is long enough for the system's usual failover, as documented, twice over.
 *
 * @throws {RangeError} if there is no preset of that name
 * @example
 * presetScenario("etcd").protocol.options.acknowledgement.kind; // => "majority"
 */
export function presetScenario(name: string): Scenario {
  const preset = presetByName(name);
  const { setup } = preset;
  const usualMs = setup.usualFailoverMs ?? 30_000;
  return scenarioFromJson(
    {
      name: preset.name,
      description: `${preset.title}: the leader crashes once, at a random moment.`,
      protocol: deployment(preset),
      clients: zones.slice(0, 3).map((region) => ({ region, share: 1 })),
      clientOptions: setup.clients,
      network: {
        latency: {
          ...{ kind: "roundTrips", regions: zones, roundTripMs: roundTrips() },
          jitter: { kind: "factor", distribution: { kind: "logNormal", medianMs: 1, sigma: 0.3 } },
        },
      },
      disk: { syncMs: { kind: "logNormal", medianMs: 1, sigma: 0.5 } },
      faults: [
        {
          name: "the leader crashes",
          what: { kind: "crash", target: { kind: "leader" }, lastsMs: "forever" },
          when: {
            ...{ kind: "random", untilMs: "40 s" },
            gapMs: { kind: "uniform", minMs: 20_000, maxMs: 40_000 },
          },
        },
      ],
      workload: {
        arrivals: { kind: "poisson", rate: { kind: "total", perS: 400 } },
        mix: { read: 1, write: 1 },
      },
      ...{ warmUpMs: 5000, durationMs: 45_000 + 2 * usualMs, settleMs: 30_000 + usualMs },
    },
    "presetScenario",
  );
}

function deployment({ setup }: Preset): object {
  const { replicas, partitions, controllers, options } = setup;
  return {
    kind: "single-leader",
    ...{ partitions, options },
    replicas: zones.slice(0, replicas).map((region) => ({ region })),
    controllers: zones.slice(0, controllers),
  };
}

function roundTrips(): number[][] {
  return zones.map((from) => zones.map((to) => (from === to ? withinZoneMs : betweenZonesMs)));
}
