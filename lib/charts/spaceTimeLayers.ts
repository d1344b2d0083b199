import type { ChartSpec } from "./chart.ts";
import { labelSizePx } from "./spaceTimeText.ts";

/** Shapes with their point or middle at the origin, from which symbols are turned and scaled. */
const headShape = "M0,0L-2.6,1.1L-2.6,-1.1Z";
const crossShape = "M-1,-1L1,1M-1,1L1,-1";

/** Colours are places in the range of the theme. */
const colour: ChartSpec = {
  field: "colour",
  type: "nominal",
  scale: { domain: ["c0", "c1", "c2", "c3", "c4", "c5", "c6"] },
  legend: null,
};

const tips: readonly (readonly [string, string])[] = [
  ["what", "what"],
  ["where", "where"],
  ["when", "when"],
  ["outcome", "outcome"],
  ["payload", "payload"],
];

/** The layers that have rows, from the ground up. */
export function spaceTimeLayers(
  rows: readonly ChartSpec[],
  channels: { readonly x: ChartSpec; readonly y: ChartSpec },
): ChartSpec[] {
  const used = new Set(rows.map((row) => row.layer));
  const x = { field: "x", type: "quantitative", ...channels.x };
  const y = { field: "y", type: "quantitative", ...channels.y };
  const to = { x2: { field: "x2" }, y2: { field: "y2" } };
  const layer = (
    names: readonly string[],
    mark: ChartSpec,
    encoding: ChartSpec = {},
  ): ChartSpec[] => {
    const present = names.filter((name) => used.has(name));
    if (present.length === 0) return [];
    const known = rows.filter((row) => present.includes(row.layer as string));
    const filter = { filter: { field: "layer", oneOf: present } };
    const tooltip = tips
      .filter(([field]) => known.some((row) => row[field] !== undefined && row[field] !== ""))
      .map(([field, title]) => ({ field, type: "nominal", title }));
    return [
      {
        transform: [filter],
        mark,
        encoding: { ...(tooltip.length > 0 && { tooltip }), ...encoding },
      },
    ];
  };
  const line = { type: "rule", clip: true };
  const turned = { angle: { field: "angle", type: "quantitative", scale: null } };
  const layers = [
    ...layer(["conflict"], { type: "rect", opacity: 0.16 }, { ...to, color: colour }),
    ...layer(["wall"], { type: "rect", style: "faded", opacity: 0.38 }, to),
    ...layer(
      ["lane"],
      { type: "rule", style: "faded", strokeWidth: 1.5, opacity: 0.8 },
      { x2: to.x2 },
    ),
    ...layer(["plate"], { type: "rect", fill: ground }, to),
    ...layer(["down", "paused", "slow"], { type: "rect", fill: ground }, to),
    ...layer(["down"], { type: "rect", style: "faded", opacity: 0.45 }, to),
    ...layer(["paused", "slow"], { type: "rect", style: "faded", opacity: 0.25 }, to),
    ...layer(["band"], { type: "rect", fill: ground }, { ...to }),
    ...layer(["band"], { type: "rect", opacity: 0.55 }, { ...to, color: colour }),
    ...layer(["reply"], { ...line, style: "rule", opacity: 0.55 }, to),
    ...layer(["arrow"], { ...line, style: "rule" }, to),
    ...layer(["copy"], { ...line, style: "rule", strokeDash: [4, 3] }, to),
    ...layer(["strong"], { ...line, strokeWidth: 1.8 }, { ...to, color: colour }),
    // Thin lines are hard to point at.
    ...layer(["reply", "arrow", "copy", "strong"], { ...line, strokeWidth: 8, opacity: 0 }, to),
    ...layer(bars, { type: "rect", fill: ground }, to),
    ...layer(["write", "writeOpen"], { type: "rect", style: "faded", opacity: 0.45 }, to),
    ...layer(strongWrites, { type: "rect", opacity: 0.3 }, { ...to, color: colour }),
    ...layer(["read", "write"], { ...frame, style: "rule" }, to),
    ...layer(["readOpen", "writeOpen"], { ...frame, style: "rule", strokeDash: [3, 2] }, to),
    ...layer(["readStrong", "writeStrong"], strongFrame, { ...to, stroke: colour }),
    ...layer(
      ["readStrongOpen", "writeStrongOpen"],
      { ...strongFrame, strokeDash: [4, 3] },
      { ...to, stroke: colour },
    ),
    ...layer(
      ["wait"],
      { type: "rule", style: "rule", strokeDash: [1, 2], strokeWidth: 3 },
      { x2: to.x2 },
    ),
    ...layer(["head"], { ...head, style: "rule" }, turned),
    ...layer(["strongHead"], head, { ...turned, color: colour }),
    ...layer(["cross"], cross, { color: colour }),
    ...texts(layer, turned),
  ];
  // Channels said once, not in each of some thirty layers.
  return [{ encoding: { x, y }, layer: layers }];
}

/** Background of the chart, in every theme: a signal of Vega. */
const ground: ChartSpec = { expr: "background" };
const head: ChartSpec = { type: "point", filled: true, shape: headShape, size: 22, opacity: 1 };
const cross: ChartSpec = {
  type: "point",
  filled: false,
  shape: crossShape,
  size: 60,
  strokeWidth: 2,
  opacity: 1,
};
const strongWrites = ["writeStrong", "writeStrongOpen"];
const bars = [
  "read",
  "readOpen",
  "readStrong",
  "readStrongOpen",
  "write",
  "writeOpen",
  ...strongWrites,
];
const frame: ChartSpec = { type: "rect", filled: false, strokeWidth: 1 };

type LayerOf = (names: readonly string[], mark: ChartSpec, encoding?: ChartSpec) => ChartSpec[];

const strongFrame: ChartSpec = { ...frame, strokeWidth: 2.5 };

/** Texts, those over lines with a rim in the colour of the ground. */
function texts(layer: LayerOf, turned: ChartSpec): ChartSpec[] {
  const label: ChartSpec = {
    type: "text",
    style: "label",
    fontSize: labelSizePx,
    baseline: "middle",
  };
  const rim: ChartSpec = { stroke: ground, strokeWidth: 3, strokeJoin: "round", opacity: 0.85 };
  const text = { text: { field: "text", type: "nominal" } };
  const aligned = [
    ["", "center"],
    ["Start", "left"],
    ["End", "right"],
  ] as const;
  return [
    ...aligned.flatMap(([suffix, align]) => [
      ...layer(
        [`name${suffix}`, `replyName${suffix}`],
        { ...label, ...rim, align },
        { ...text, ...turned },
      ),
      ...layer([`name${suffix}`], { ...label, align }, { ...text, ...turned }),
      ...layer([`replyName${suffix}`], { ...label, align, opacity: 0.8 }, { ...text, ...turned }),
    ]),
    ...layer(["warnText"], { ...label, ...rim, fontWeight: "bold" }, text),
    ...layer(["warnText"], { ...label, fontWeight: "bold" }, text),
    ...aligned.flatMap(([suffix, align]) => [
      ...(suffix === ""
        ? []
        : layer([`text${suffix}`, `strongText${suffix}`], { ...label, ...rim, align }, text)),
      ...layer([`text${suffix}`], { ...label, align }, text),
      ...layer([`strongText${suffix}`], { ...label, align, fontWeight: "bold" }, text),
    ]),
  ];
}
