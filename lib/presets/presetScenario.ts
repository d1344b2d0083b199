import { needOneOf, refuse } from "../core/need.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { scenarioFromJson } from "../scenarios/scenarioFromJson.ts";
import { suggestion } from "../scenarios/shapes/nearest.ts";
import type { Preset } from "./preset.ts";
import { presetByName, presetNames } from "./presets.ts";

/** Zones of one region, as far from each other as a cloud's usually are: about 1 ms and back (assumed). */
const zones = ["a", "b", "c", "d", "e"];
const withinZoneMs = 0.3;
const betweenZonesMs = 1;

/** What can befall a preset: see `presetScenario`. */
export const presetFaults = ["crash", "isolation"] as const;

/** What can befall a preset. */
export type PresetFault = (typeof presetFaults)[number];

/** After this the fault strikes, at a random moment, and before this at the latest, ms. */
const strikes = { fromMs: 20_000, untilMs: 40_000 };

/**
 * A preset in a world of three to five zones, with 400 operations a second of which half write, and one
 * fault at a random moment: the same question for every system.
 *
 * - `crash`: the leader is gone for good.
 * - `isolation`: the leader's zone is cut off from the others, with a third of the clients in it, for a
 *   minute or twice the system's usual failover if that is longer.
 *
 * The run is long enough for the system's usual failover, as documented, twice over.
 *
 * @param name of the preset; `name/isolation` is short for that fault
 * @throws {RangeError} if there is no preset of that name, or no such fault
 * @example
 * presetScenario("etcd").protocol.options.acknowledgement.kind; // => "majority"
 */
export function presetScenario(name: string, fault?: PresetFault): Scenario {
  const where = "presetScenario";
  const { preset, fault: named } = presetAndFault(name);
  const system = preset.name;
  const kind = needOneOf(where, "fault", fault ?? named, presetFaults);
  const usualMs = preset.setup.usualFailoverMs ?? 30_000;
  const faultMs = Math.max(60_000, 2 * usualMs);
  return scenarioFromJson(
    {
      name: kind === "crash" ? system : `${system}/${kind}`,
      description: `${preset.title}: ${texts[kind]} once, at a random moment.`,
      protocol: deployment(preset),
      clients: zones.slice(0, 3).map((region) => ({ region, share: 1 })),
      clientOptions: preset.setup.clients,
      network: {
        latency: {
          ...{ kind: "roundTrips", regions: zones, roundTripMs: roundTrips() },
          jitter: { kind: "factor", distribution: { kind: "logNormal", medianMs: 1, sigma: 0.3 } },
        },
      },
      disk: { syncMs: { kind: "logNormal", medianMs: 1, sigma: 0.5 } },
      workload: {
        arrivals: { kind: "poisson", rate: { kind: "total", perS: 400 } },
        mix: { read: 1, write: 1 },
      },
      faults: [
        {
          name: texts[kind],
          what: actions[kind](faultMs),
          when: {
            ...{ kind: "random", untilMs: strikes.untilMs },
            gapMs: { kind: "uniform", minMs: strikes.fromMs, maxMs: strikes.untilMs },
          },
        },
      ],
      warmUpMs: 5000,
      durationMs: strikes.untilMs + (kind === "crash" ? 2 * usualMs : faultMs) + 5000,
      settleMs: 30_000 + usualMs,
    },
    where,
  );
}

/**
 * The preset and what befalls it by a name such as `etcd` (a crash), `etcd/crash` or `etcd/isolation`.
 *
 * @throws {RangeError} if there is no preset of that name, or no such fault
 */
export function presetAndFault(name: string): {
  readonly preset: Preset;
  readonly fault: PresetFault;
} {
  const where = "presetScenario";
  const slash = name.indexOf("/");
  const system = slash < 0 ? name : name.slice(0, slash);
  const hint = suggestion(system, presetNames);
  if (hint !== "" && !presetNames.includes(system)) {
    refuse(where, "name", `one of ${presetNames.join(", ")}${hint}`, system);
  }
  const preset = presetByName(system);
  if (slash < 0) return { preset, fault: "crash" };
  const fault = name.slice(slash + 1);
  const found = presetFaults.find((each) => each === fault);
  const names = presetFaults.map((each) => `${system}/${each}`);
  return {
    preset,
    fault: found ?? refuse(where, "name", `${system}, ${names.join(" or ")}`, name),
  };
}

const texts: Record<PresetFault, string> = {
  crash: "the leader crashes",
  isolation: "the leader's zone is cut off",
};

const actions: Record<PresetFault, (lastsMs: number) => object> = {
  crash: () => ({ kind: "crash", target: { kind: "leader" }, lastsMs: "forever" }),
  isolation: (lastsMs) => ({
    ...{ kind: "cut", lastsMs },
    links: { kind: "isolate", nodes: [{ kind: "region", region: zones[0] }] },
  }),
};

function deployment({ setup }: Preset): object {
  const { replicas, partitions, controllers, options } = setup;
  return {
    kind: "single-leader",
    ...{ partitions, options },
    replicas: zones.slice(0, replicas).map((region) => ({ region })),
    // A single one stands where the leader does not, as documentations advise.
    controllers: zones.slice(0, 3).reverse().slice(0, controllers),
  };
}

function roundTrips(): number[][] {
  return zones.map((from) => zones.map((to) => (from === to ? withinZoneMs : betweenZonesMs)));
}
