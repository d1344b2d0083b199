// The simulator by itself, in a process of its own; prints CPU seconds and a check as JSON.
//
//     broadcastOwn.ts plain WRITES    five nodes, exponential latency; check: mean latency of a write, ms
//     broadcastOwn.ts kinds WRITES    12 kinds of messages, full network; check: messages delivered
//     broadcastOwn.ts short RUNS      runs of 100 writes; check: mean latency of a write, ms
//     broadcastOwn.ts large WRITES    100 nodes; check: MB of heap that it gained after its first tenth
import { Simulator } from "../lib/simulation/simulator.ts";
import {
  arrivals,
  broadcastWorld,
  fullNetwork,
  Latencies,
  plainNetwork,
} from "./broadcastWorld.ts";
import { cpuSeconds } from "./rows.ts";

interface Measured {
  readonly seconds: number;
  readonly check: number;
}

function plain(writes: number): Measured {
  const latencies = new Latencies();
  const company = { actors: [arrivals(writes, 10)], observers: [latencies] };
  const simulator = new Simulator(broadcastWorld(4, "few", plainNetwork), company);
  simulator.run(1, Infinity);
  latencies.sumMs = 0;
  latencies.count = 0;
  const seconds = cpuSeconds(() => simulator.run(2, Infinity));
  return { seconds, check: latencies.sumMs / latencies.count };
}

function kinds(writes: number): Measured {
  const company = { actors: [arrivals(writes, 1)], observers: [new Latencies()] };
  const simulator = new Simulator(broadcastWorld(4, "many", fullNetwork), company);
  simulator.run(1, Infinity);
  const seconds = cpuSeconds(() => simulator.run(2, Infinity));
  return { seconds, check: simulator.eventCount - writes };
}

function short(runs: number): Measured {
  const latencies = new Latencies();
  const company = { actors: [arrivals(100, 10)], observers: [latencies] };
  const simulator = new Simulator(broadcastWorld(4, "few", plainNetwork), company);
  for (let seed = 0; seed < 1000; seed++) simulator.run(seed, Infinity);
  const seconds = cpuSeconds(() => {
    for (let seed = 0; seed < runs; seed++) simulator.run(seed, Infinity);
  });
  return { seconds, check: latencies.sumMs / latencies.count };
}

function large(writes: number): Measured {
  const heaps: number[] = [];
  const watch = {
    begin: (_: number, controls: { wakeAt(timeMs: number, reason: null): void }) =>
      [0.1, 0.55, 1].forEach((part) => void controls.wakeAt(part * writes, null)),
    wake: () => {
      globalThis.gc!();
      heaps.push(process.memoryUsage().heapUsed / 1e6);
    },
  };
  const company = { actors: [arrivals(writes, 1), watch] };
  const simulator = new Simulator(broadcastWorld(98, "few", plainNetwork), company);
  const seconds = cpuSeconds(() => simulator.run(1, Infinity));
  return { seconds, check: Math.max(...heaps.slice(1)) - heaps[0]! };
}

const [mode, size] = process.argv.slice(2);
const measures = { plain, kinds, short, large };
console.log(JSON.stringify(measures[mode as keyof typeof measures](Number(size))));
