import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Chart, ChartSpec } from "../charts/chart.ts";
import type { ChartTheme } from "../charts/palette.ts";
import { withTheme } from "../charts/theme.ts";
import { needNumber } from "../core/need.ts";
import { encodePng } from "./encodePng.ts";
import { readFontMetrics } from "./fontMetrics.ts";

/**
 * Picture of a chart as SVG text. Sliders stand where they start.
 *
 * Vega is loaded on first use: a static import anywhere in the package would make it unloadable in a
 * notebook cell, because Vega awaits at its top level and cells `require` what they import.
 */
export async function chartToSvg(chart: Chart, theme: ChartTheme = "light"): Promise<string> {
  return specToSvg(withTheme(chart, theme));
}

/**
 * Picture of a chart as PNG bytes, the same on every machine: text is drawn with the bundled DejaVu
 * Sans, never with fonts of the system.
 *
 * @param scale px of the picture for each px of the chart, in (0, 8]
 */
export async function chartToPng(chart: Chart, scale = 2): Promise<Uint8Array> {
  needNumber("chartToPng", "scale", scale, { min: 0, max: 8, exclusiveMin: true });
  return svgToPng(await chartToSvg(chart), scale);
}

/** SVG of a specification; throws where Vega-Lite has a warning about it. */
export async function specToSvg(spec: ChartSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  useFontWidths(vega);
  const warnings: string[] = [];
  // Vega marks rows as it reads them, so it gets a copy of the frozen specification.
  const copy = structuredClone(spec) as unknown as Parameters<typeof vegaLite.compile>[0];
  const { spec: compiled } = vegaLite.compile(copy, { logger: collector(warnings) });
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  view.logger(collector(warnings));
  try {
    const svg = await view.toSVG();
    if (warnings.length > 0) throw new Error(`specToSvg: ${warnings.join("; ")}`);
    return svg;
  } finally {
    view.finalize();
  }
}

/** PNG of an SVG text, with the bundled font only. */
export async function svgToPng(svg: string, scale: number): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: [fontFile("DejaVuSans.ttf"), fontFile("DejaVuSans-Bold.ttf")],
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
    },
  });
  const drawn = picture.render();
  const { width, height, pixels } = drawn;
  const isOpaque = pixels.every((byte, index) => index % 4 !== 3 || byte === 255);
  return isOpaque ? encodePng({ width, height, rgba: pixels }) : drawn.asPng();
}

function fontFile(name: string): string {
  const packageFile = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
  return join(dirname(packageFile), "ttf", name);
}

/** What Vega measures text with; it is an object of Vega's own, made to be replaced by renderers. */
interface TextMetrics {
  width: (item: { fontSize?: number; fontWeight?: string | number }, text: unknown) => number;
}

/** Lets Vega measure text with the widths of the font that `svgToPng` draws with. */
function useFontWidths(vega: object): void {
  const { textMetrics } = vega as { textMetrics: TextMetrics };
  if (measured.has(textMetrics)) return;
  measured.add(textMetrics);
  const regular = readFontMetrics(fontFile("DejaVuSans.ttf"));
  const bold = readFontMetrics(fontFile("DejaVuSans-Bold.ttf"));
  textMetrics.width = (item, text) => {
    const isBold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
    return (isBold ? bold : regular).widthOf(String(text ?? "")) * (item.fontSize ?? 11);
  };
}

/** Metrics of Vega that were replaced already. */
const measured = new WeakSet<object>();

function collector(warnings: string[]): VegaLogger {
  const note = (...words: readonly unknown[]): VegaLogger => {
    warnings.push(words.map(String).join(" "));
    return logger;
  };
  const ignore = (): VegaLogger => logger;
  const logger: VegaLogger = {
    level: ignore as unknown as VegaLogger["level"],
    error: note,
    warn: note,
    info: ignore,
    debug: ignore,
  };
  return logger;
}

interface VegaLogger {
  level(level: number): VegaLogger;
  level(): number;
  error(...words: readonly unknown[]): VegaLogger;
  warn(...words: readonly unknown[]): VegaLogger;
  info(...words: readonly unknown[]): VegaLogger;
  debug(...words: readonly unknown[]): VegaLogger;
}
