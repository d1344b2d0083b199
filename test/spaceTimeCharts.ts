// Space-time diagrams of runs of small worlds, for tests and for looking at.
import type { Chart } from "../lib/charts/chart.ts";
import { spaceTimeChart } from "../lib/charts/spaceTimeChart.ts";
import type { Trace } from "../lib/core/trace.ts";
import { sliceOf } from "../lib/core/traceSlice.ts";
import { traceRun } from "../lib/simulation/traceRun.ts";
import { partition, replicated, script } from "./traceWorlds.ts";

const write = { kind: "write", key: 3, session: 0, device: 0 } as const;
const read = { kind: "read", key: 3, session: 0, device: 0 } as const;

/** A leader that is cut off and goes on acknowledging writes, which are lost when the cut heals. */
export function splitBrainTrace(): Trace {
  return traceRun({
    world: replicated({ clients: [0, 1], replicas: 3, copies: 1 }),
    actors: [
      script([
        [10, (c) => c.invoke(0, write)],
        [30, (c) => partition(c, "cut", [[2], [3, 4]])],
        [40, (c) => c.invoke(0, write)],
        [150, (c) => c.invoke(0, write)],
        [180, (c) => partition(c, "heal", [[2], [3, 4]])],
        [220, (c) => c.invoke(1, read)],
      ]),
    ],
    ...{ seed: 7, durationMs: 300 },
  });
}

/** A leader that crashes and comes back, a follower that pauses, a write that nobody answers. */
export function failoverTrace(): Trace {
  return traceRun({
    world: replicated({ clients: [0, 1], replicas: 3, copies: 2 }),
    actors: [
      script([
        [10, (c) => c.invoke(0, write)],
        [14, (c) => c.invoke(0, read)],
        [30, (c) => c.crash(2)],
        [40, (c) => c.invoke(0, write)],
        [60, (c) => c.pause(4)],
        [75, (c) => c.resume(4)],
        [200, (c) => c.restart(2)],
        [220, (c) => c.invoke(1, read)],
      ]),
    ],
    ...{ seed: 7, durationMs: 260 },
  });
}

/** Eight nodes and some fifty messages: as much as a reader can follow. */
export function busyTrace(): Trace {
  return traceRun({
    world: replicated({ clients: [0, 1, 2], replicas: 5, copies: 3 }),
    actors: [
      script([
        [10, (c) => c.invoke(0, write)],
        [14, (c) => c.invoke(1, read)],
        [16, (c) => c.invoke(2, read)],
        [30, (c) => c.crash(5)],
        [40, (c) => c.invoke(0, write)],
        [45, (c) => c.invoke(1, read)],
        [46, (c) => c.invoke(1, read)],
        [47, (c) => c.invoke(1, read)],
        [60, (c) => c.invoke(0, write)],
        [80, (c) => c.restart(5)],
        [90, (c) => c.invoke(2, read)],
      ]),
    ],
    ...{ seed: 9, durationMs: 120 },
  });
}

/** A network that loses and doubles messages, a link cut in one direction, a write refused. */
export function roughTrace(): Trace {
  const world = replicated({ clients: [0, 1], replicas: 3, copies: 2 });
  const loss = { kind: "independent", probability: 0.1 } as const;
  return traceRun({
    world: { ...world, network: { ...world.network, loss, duplicateProbability: 0.2 } },
    actors: [
      script([
        [10, (c) => c.invoke(0, write)],
        [14, (c) => c.invoke(1, write)],
        [30, (c) => c.cut(2, 3)],
        [35, (c) => c.invoke(0, write)],
        [55, (c) => c.slow(4, 3)],
        [60, (c) => c.heal(2, 3)],
      ]),
    ],
    ...{ seed: 3, durationMs: 90 },
  });
}

/** A follower that pauses while appends arrive, and a leader whose CPU takes its time. */
export function waitingTrace(): Trace {
  const { nodes, network } = replicated({ clients: [0], replicas: 3, copies: 3 });
  return traceRun({
    world: { nodes: nodes.map((node) => ({ ...node, serviceMs: { write: 3 } })), network },
    actors: [
      script([
        [5, (c) => c.invoke(0, write)],
        [10, (c) => c.pause(3)],
        [40, (c) => c.resume(3)],
      ]),
    ],
    ...{ seed: 7, durationMs: 60 },
  });
}

/** Space-time diagrams that show every sign. */
export function spaceTimeCharts(): Record<string, Chart> {
  return {
    spaceTimeSplitBrain: spaceTimeChart(sliceOf(splitBrainTrace()), {
      title: "A leader that is cut off goes on acknowledging: two writes are lost",
      subtitle: "Three replicas, asynchronous replication, seed 7",
      highlight: [1, 2],
    }),
    spaceTimeFailover: spaceTimeChart(failoverTrace(), {
      title: "A crash of the leader leaves 95 ms without one",
      subtitle: "Three replicas, of which two must have a write, seed 7",
    }),
    spaceTimeWrite: spaceTimeChart(failoverTrace(), {
      title: "A write is answered when two of three replicas have it",
      ...{ fromMs: 8, toMs: 26, highlight: [0], widthPx: 700, heightPx: 330 },
    }),
    spaceTimeBusy: spaceTimeChart(sliceOf(busyTrace()), {
      title: "Five replicas go on while one of them is down",
      subtitle: "Five replicas, of which three must have a write, seed 9",
      highlight: [3],
    }),
    spaceTimeWaiting: spaceTimeChart(waitingTrace(), {
      title: "A write that needs all replicas waits for the one that stands still",
      subtitle: "Three replicas, all of which must have a write, seed 7",
      highlight: [0],
    }),
    spaceTimeRough: spaceTimeChart(roughTrace(), {
      title: "Messages are lost, doubled, and stopped in one direction",
      lanes: [4, 3, 2, 1, 0],
    }),
  };
}
