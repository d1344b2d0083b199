import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonSchema, schemaErrors } from "../../test/jsonSchema.ts";
import {
  failoverTrace,
  roughTrace,
  spaceTimeCharts,
  splitBrainTrace,
  waitingTrace,
} from "../../test/spaceTimeCharts.ts";
import type { NodeId, Operation } from "../core/protocol.ts";
import type { Trace, TraceEvent } from "../core/trace.ts";
import { sliceOf } from "../core/traceSlice.ts";
import { readFontMetrics } from "../notebook/fontMetrics.ts";
import { specToSvg } from "../notebook/renderChart.ts";
import type { Chart } from "./chart.ts";
import type { Arrow } from "./spaceTimeArrows.ts";
import { maxSpaceTimeMarks, spaceTimeChart } from "./spaceTimeChart.ts";
import { type ArrowLabel, labelsOf, runsThrough } from "./spaceTimeLabels.ts";
import { operationLabel, spaceTimeLayout } from "./spaceTimeLayout.ts";
import {
  conflictSpans,
  cutSpans,
  leaderSpans,
  type OperationSpan,
  operationSpans,
  stateSpans,
} from "./spaceTimeSpans.ts";
import { labelSizePx, textWidthPx } from "./spaceTimeText.ts";
import { cutInWords } from "./spaceTimeWalls.ts";
import { withTheme } from "./theme.ts";

const nodes = ["a", "b", "c", "d"].map((name) => ({ name, role: "replica" }));
const traceOf = (events: readonly TraceEvent[], durationMs = 100): Trace => ({
  ...{ seed: 1, durationMs, nodes, events },
});
const fault = (timeMs: number, name: string, node: NodeId, value = 0): TraceEvent => ({
  ...{ kind: "fault", timeMs, name, nodes: [node], links: [], value },
});
const link = (timeMs: number, name: "cut" | "heal", from: NodeId, to: NodeId): TraceEvent => ({
  ...{ kind: "fault", timeMs, name, nodes: [], links: [[from, to]], value: 0 },
});
const observe = (timeMs: number, name: string, node: NodeId, value: unknown): TraceEvent => ({
  ...{ kind: "observe", node, timeMs, name, value, cause: -1 },
});
type Rows = readonly Record<string, unknown>[];
const rowsOf = ({ spec }: Chart): Rows => (spec.data as { values: Rows }).values;
const layerOf = (chart: Chart, layer: string): Rows =>
  rowsOf(chart).filter((row) => row.layer === layer);

describe("what lasts in a run", () => {
  test("leaders lead until they yield, crash, or begin another epoch", () => {
    const first = { partition: 0, epoch: 1 };
    const trace = traceOf([
      observe(0, "leads", 0, first),
      observe(5, "leads", 3, { partition: 1, epoch: 1 }),
      observe(10, "leads", 1, { partition: 0, epoch: 2 }),
      observe(20, "leads", 1, { partition: 0, epoch: 3 }),
      observe(30, "yields", 0, first),
      observe(35, "speaks", 0, first),
      fault(40, "crash", 1),
    ]);
    const leaders = leaderSpans(trace);
    expect(leaders.map((span) => [span.node, span.epoch, span.fromMs, span.toMs])).toEqual([
      [0, 1, 0, 30],
      [3, 1, 5, 100],
      [1, 2, 10, 20],
      [1, 3, 20, 40],
    ]);
    expect(conflictSpans(leaders)).toEqual([
      { fromMs: 10, toMs: 20, partition: 0, nodes: [0, 1] },
      { fromMs: 20, toMs: 30, partition: 0, nodes: [0, 1] },
    ]);
  });

  test("a crash ends a pause, a speed of 1 a slowness", () => {
    const states = stateSpans(
      traceOf([
        fault(10, "pause", 0),
        fault(20, "crash", 0),
        fault(30, "restart", 0),
        fault(40, "slow", 1, 3),
        fault(50, "slow", 1, 5),
        fault(60, "slow", 1, 1),
        fault(70, "crash", 2),
      ]),
    );
    expect(
      states.map((span) => [span.kind, span.node, span.fromMs, span.toMs, span.factor]),
    ).toEqual([
      ["paused", 0, 10, 20, 1],
      ["down", 0, 20, 30, 1],
      ["slow", 1, 40, 50, 3],
      ["slow", 1, 50, 60, 5],
      ["down", 2, 70, 100, 1],
    ]);
  });

  test("cuts add up, and those of the same times are one", () => {
    const cuts = cutSpans(
      traceOf([
        link(10, "cut", 0, 1),
        link(10, "cut", 1, 0),
        link(20, "cut", 0, 1),
        link(30, "heal", 0, 1),
        link(40, "heal", 0, 1),
        link(40, "heal", 1, 0),
        link(50, "cut", 2, 3),
      ]),
    );
    expect(cuts).toEqual([
      {
        fromMs: 10,
        toMs: 40,
        links: [
          [0, 1],
          [1, 0],
        ],
      },
      { fromMs: 50, toMs: 100, links: [[2, 3]] },
    ]);
  });

  test("cuts say who is cut off from whom", () => {
    const trace = traceOf([]);
    const both = (a: NodeId, b: NodeId) => [[a, b] as const, [b, a] as const];
    expect(cutInWords(trace, [...both(2, 0), ...both(0, 1), ...both(0, 3)])).toBe("a | c, b, d");
    expect(cutInWords(trace, [[0, 1]])).toBe("a → b");
    // A triangle has no two sides, and half a cut is none.
    expect(cutInWords(trace, [...both(0, 1), ...both(1, 2), ...both(2, 0)])).toBe("6 links");
    expect(cutInWords(trace, [...both(0, 1), [1, 2]])).toBe("3 links");
  });
});

describe("places", () => {
  const operationAt = (id: number, fromMs: number, toMs: number): OperationSpan => {
    const operation = { id, kind: "read", key: 3, value: null, session: 0, device: 0 } as const;
    return { node: 0, fromMs, toMs, operation: operation as Operation, completion: null };
  };

  test("bars and their labels do not cover each other, four at a time", () => {
    const spans = fc.array(
      fc.record({
        fromMs: fc.integer({ min: 0, max: 90 }),
        lastsMs: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(spans, (all) => {
        const operations = all
          .sort((a, b) => a.fromMs - b.fromMs)
          .map(({ fromMs, lastsMs }, id) => operationAt(id, fromMs, fromMs + lastsMs));
        const layout = spaceTimeLayout({
          ...{ lanes: [1, 0], fromMs: 0, toMs: 100, widthPx: 2000, heightPx: undefined },
          ...{ leaders: [], operations },
        });
        const boxes = layout.operations.map((span) => {
          const [left, right] = [layout.xOf(span.fromMs), layout.xOf(span.toMs)];
          const label = textWidthPx(operationLabel(span)) + 4;
          return { ...span, left, right: right - left >= label ? right : right + label };
        });
        const rows = new Set(boxes.map(({ top }) => top)).size;
        fc.pre(rows < 5);
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) {
            const isApart = a.right <= b.left || b.right <= a.left;
            expect(isApart || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
          }
          expect(Math.abs((a.top + a.bottom) / 2 - layout.yOf(0))).toBeLessThan(layout.halfOf(0));
        }
      }),
    );
  });

  test("texts have the room that the widest font needs", () => {
    const file = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
    const metrics = readFontMetrics(file);
    const texts = ["appended ×12", "w k17=1234", "r k3 -> nothing", "two leaders for 79.7 ms"];
    for (const text of [...texts, "cut: replica 1 | replica 2, replica 3", "requestVote"]) {
      const real = metrics.widthOf(text) * labelSizePx;
      expect(textWidthPx(text)).toBeGreaterThan(0.97 * real);
      expect(textWidthPx(text)).toBeLessThan(1.15 * real);
    }
  });

  /** Corners of a label, a little smaller than its letters. */
  function cornersOf({ x, y, angle, anchor, text }: ArrowLabel): [number, number][] {
    const width = 0.9 * textWidthPx(text);
    const left = anchor === "Start" ? 0 : anchor === "End" ? -width : -width / 2;
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const flat = [
      [left, -4],
      [left + width, -4],
      [left + width, 4],
      [left, 4],
    ] as const;
    return flat.map(([u, v]) => [x + u * cos - v * sin, y + u * sin + v * cos]);
  }

  /** Separating axis: two convex shapes are apart if they are along the normal of one of their sides. */
  function areApart(a: [number, number][], b: [number, number][]): boolean {
    return [a, b].some((shape) =>
      shape.some(([x, y], k) => {
        const [nextX, nextY] = shape[(k + 1) % shape.length]!;
        const along = (points: [number, number][]) =>
          points.map(([u, v]) => u * (nextY - y) - v * (nextX - x));
        const [first, second] = [along(a), along(b)];
        return (
          Math.max(...first) <= Math.min(...second) || Math.max(...second) <= Math.min(...first)
        );
      }),
    );
  }

  test("names of messages cover neither each other nor what is taken", () => {
    const place = (max: number) => fc.integer({ min: 0, max });
    const line = fc.record({ x1: place(400), x2: place(400), y1: place(300), y2: place(300) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 25 }), (lines) => {
        const arrows = lines.map((ends, index): Arrow => {
          const message = { name: `message ${index}`, from: 0, cause: -1, sentMs: index };
          const rest = { end: "head", isReply: false, isStrong: false } as const;
          return { message: message as Arrow["message"], index, ...ends, ...rest };
        });
        const taken = [{ left: 100, right: 300, top: 140, bottom: 160 }];
        const labels = labelsOf(arrows, taken, { widthPx: 400, heightPx: 300 });
        const shapes = labels.map(cornersOf);
        const block: [number, number][] = [
          [100, 140],
          [300, 140],
          [300, 160],
          [100, 160],
        ];
        for (const [index, shape] of shapes.entries()) {
          expect(areApart(shape, block)).toBe(true);
          for (const other of shapes.slice(index + 1)) expect(areApart(shape, other)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a line through a box is seen", () => {
    const arrow = { x1: 0, y1: 0, x2: 100, y2: 100 } as Arrow;
    expect(runsThrough(arrow, { left: 40, right: 60, top: 45, bottom: 55 })).toBe(true);
    expect(runsThrough(arrow, { left: 60, right: 90, top: 5, bottom: 15 })).toBe(false);
  });
});

describe("the picture of a split brain", () => {
  const trace = splitBrainTrace();
  const chart = spaceTimeChart(sliceOf(trace), { title: "Lost", highlight: [1, 2] });

  test("says in words what it shows", () => {
    expect(chart.altText).toBe(
      "Space-time diagram of 5 nodes from 0 ms to 300 ms: 35 messages, of which 8 cut off. " +
        "Leaders: replica 1 in epoch 1 from the start to 205 ms and replica 2 in epoch 2 from 125 ms on. " +
        "Two leaders at once: replica 1 and replica 2 from 125 ms to 205 ms. " +
        "Cut: replica 1 | replica 2, replica 3 from 30 ms to 180 ms. " +
        "Operations: w k3=0 of client a (ok, from 10 ms to 16.8 ms), " +
        "w k3=1 of client a (ok, from 40 ms to 47.8 ms), w k3=2 of client a (ok, from 150 ms to 157 ms) " +
        "and r k3 -> 0 of client b (ok, from 220 ms to 228 ms). Highlighted: w k3=1 and w k3=2.",
    );
  });

  test("stops the messages that are cut off at the wall", () => {
    const [wall] = layerOf(chart, "wall");
    const crosses = layerOf(chart, "cross");
    expect(crosses).toHaveLength(8);
    for (const { x, y } of crosses) {
      expect(y).toBeCloseTo(((wall!.y as number) + (wall!.y2 as number)) / 2, 4);
      expect((x as number) > (wall!.x as number) && (x as number) < (wall!.x2 as number)).toBe(
        true,
      );
    }
  });

  test("shows both leaders, and that they are two", () => {
    const bands = layerOf(chart, "band");
    expect(bands.map(({ colour }) => colour)).toEqual(["c0", "c2"]);
    const [conflict] = layerOf(chart, "conflict");
    expect(conflict!.x).toBe(bands[1]!.x);
    expect(conflict!.x2).toBe(bands[0]!.x2);
    expect(layerOf(chart, "warnText")[0]!.text).toBe("two leaders for 79.7 ms");
  });

  test("sets off the operations that it is about, and their messages", () => {
    expect(layerOf(chart, "writeStrong").map(({ what }) => what)).toEqual([
      "operation 1: w k3=1",
      "operation 2: w k3=2",
    ]);
    expect(new Set(layerOf(chart, "strong").map(({ what }) => what))).toEqual(
      new Set(["write", "written"]),
    );
    // Their arrows end at their bars, not at the lane below them.
    const [bar] = layerOf(chart, "writeStrong");
    const answer = layerOf(chart, "strong").find(({ what }) => what === "written")!;
    expect([answer.x2, answer.y2]).toEqual([bar!.x2, bar!.y2]);
  });

  test("tells the payload of a message to who points at it", () => {
    const append = layerOf(chart, "arrow").find(
      ({ outcome }) => outcome === "cut off, and 3 more like it",
    )!;
    expect(append).toMatchObject({
      what: "append",
      where: "replica 1 → replica 2",
      payload: "{epoch: 1, after: 1, entries: [{epoch: 1, key: 3, value: 1}]}",
    });
  });
});

describe("signs", () => {
  test("of a crash: no lane while the node is down, and crosses on it", () => {
    const chart = spaceTimeChart(failoverTrace(), { title: "Crash" });
    const [down] = layerOf(chart, "down");
    const pieces = layerOf(chart, "lane").filter(({ y }) => y === (down!.y as number) + 9);
    expect(pieces.map(({ x, x2 }) => [x, x2])).toEqual([
      [0, down!.x],
      [down!.x2, 860],
    ]);
    const crosses = layerOf(chart, "cross");
    expect(crosses.length).toBeGreaterThan(3);
    for (const { y } of crosses) expect(y).toBe(pieces[0]!.y);
  });

  test("of messages that wait: on the lane, until they are taken", () => {
    const chart = spaceTimeChart(waitingTrace(), { title: "Wait", fromMs: 0, toMs: 86 });
    const waits = layerOf(chart, "wait");
    // The write waits 3 ms for the CPU, an append and a heartbeat until the pause ends at 40 ms.
    expect(waits.map(({ x, x2 }) => Math.round((x2 as number) - (x as number))).sort()).toContain(
      30,
    );
    expect(waits.filter(({ x2 }) => x2 === 400)).toHaveLength(2);
  });

  test("of loss, of copies, and of an answer that failed", () => {
    const chart = spaceTimeChart(roughTrace(), { title: "Rough" });
    expect(layerOf(chart, "copy").length).toBeGreaterThan(1);
    expect(layerOf(chart, "writeOpen")[0]!.outcome).toBe("failed");
    expect(layerOf(chart, "cross").map(({ outcome }) => outcome)).toContain("lost");
  });
});

test("leaders of several partitions are told apart, side by side on one lane", () => {
  const trace = traceOf([
    observe(0, "leads", 0, { partition: 0, epoch: 1 }),
    observe(0, "leads", 0, { partition: 1, epoch: 1 }),
    observe(50, "leads", 1, { partition: 1, epoch: 2 }),
  ]);
  const chart = spaceTimeChart(trace, { title: "Two", fromMs: 0, toMs: 100 });
  const bands = layerOf(chart, "band");
  expect(bands.map(({ what }) => what)).toEqual([
    "leader in epoch 1 of partition 0",
    "leader in epoch 1 of partition 1",
    "leader in epoch 2 of partition 1",
  ]);
  expect(bands[1]!.y as number).toBeGreaterThan(bands[0]!.y2 as number);
  expect(layerOf(chart, "text")[0]!.text).toBe("leader, partition 0, epoch 1");
  expect(layerOf(chart, "conflict")).toHaveLength(1);
});

describe.each(Object.entries(spaceTimeCharts()))("%s", (_, chart) => {
  const schemaFile = createRequire(import.meta.url).resolve("vega-lite/vega-lite-schema.json");
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as JsonSchema;

  test.each(["light", "dark"] as const)(
    "is valid and drawn without a warning, %s",
    async (theme) => {
      const spec = withTheme(chart, theme);
      expect(schemaErrors(schema, spec)).toEqual([]);
      const svg = await specToSvg(spec);
      expect(svg).toContain("replica 1");
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    },
  );
});

test("a picture late in a long run is the picture of an early one", () => {
  const trace = splitBrainTrace();
  const laterMs = 2 ** 31;
  const later = (event: TraceEvent): TraceEvent => {
    if (event.kind !== "message") return { ...event, timeMs: event.timeMs + laterMs };
    const shift = (ms: number | null): number | null => (ms === null ? null : ms + laterMs);
    const { sentMs, arrivalMs, receivedMs } = event;
    return {
      ...event,
      ...{ sentMs: sentMs + laterMs, arrivalMs: shift(arrivalMs), receivedMs: shift(receivedMs) },
    };
  };
  const moved = { ...trace, durationMs: 300 + laterMs, events: trace.events.map(later) };
  const window = { title: "t", fromMs: 20, toMs: 80 };
  const early = rowsOf(spaceTimeChart(trace, window));
  const late = rowsOf(
    spaceTimeChart(moved, { title: "t", fromMs: laterMs + 20, toMs: laterMs + 80 }),
  );
  expect(late).toHaveLength(early.length);
  for (const [index, row] of early.entries()) {
    expect(late[index]!.x as number).toBeCloseTo(row.x as number, 2);
  }
});

describe("is refused", () => {
  const trace = splitBrainTrace();

  test("with more marks than anybody can read", () => {
    const message = trace.events.find(({ kind }) => kind === "message")!;
    const many = { ...trace, events: Array.from({ length: maxSpaceTimeMarks + 1 }, () => message) };
    expect(() => spaceTimeChart(many, { title: "t" })).toThrow(
      "spaceTimeChart: need trace to be at most 2000 marks; draw a slice of it: sliceOf(",
    );
    const half = { ...trace, events: many.events.slice(0, 1100) };
    expect(() => spaceTimeChart(half, { title: "t" })).toThrow("need trace to be at most 2000");
  });

  test("what is not there", () => {
    expect(() => spaceTimeChart(trace, { title: "t", highlight: [9] })).toThrow(
      "spaceTimeChart: need highlight to be operations of the trace, got 9",
    );
    expect(() => spaceTimeChart(trace, { title: "t", lanes: [5] })).toThrow("need lanes");
    expect(() => spaceTimeChart(trace, { title: "t", lanes: [1, 1] })).toThrow("different nodes");
    expect(() => spaceTimeChart(trace, { title: "t", fromMs: 5, toMs: 5 })).toThrow("need toMs");
    expect(() => spaceTimeChart(traceOf([]), { title: "t" })).toThrow("something happens");
    expect(() => spaceTimeChart(trace, { title: " " })).toThrow("need title");
  });
});

test("an operation without an answer lasts until the end", () => {
  const invoke: TraceEvent = {
    ...{ kind: "invoke", node: 0, timeMs: 10 },
    operation: { id: 0, kind: "write", key: 1, value: 0, session: 0, device: 0 } as Operation,
  };
  const [span] = operationSpans(traceOf([invoke]));
  expect([span!.toMs, operationLabel(span!)]).toEqual([100, "w k1=0 ?"]);
});
