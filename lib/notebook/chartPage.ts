import type { Chart } from "../charts/chart.ts";
import { neutrals } from "../charts/palette.ts";
import { themeConfig } from "../charts/theme.ts";
import { escapeHtml } from "../core/escapeHtml.ts";
import { inlineVega } from "./reportVega.ts";

/** A page that draws charts by itself: without a network, with sliders, in the theme of the reader. */
export function chartPage(charts: readonly Chart[]): string {
  const [first] = charts;
  const figures = charts.map((chart, index) => figure(chart, index)).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(first?.title ?? "Charts")}</title>
<style>${pageStyle}</style>
${inlineVega()}
</head>
<body>
${figures}
<script>${embedScript(charts)}</script>
</body>
</html>
`;
}

/** Place of a chart in a page, and the words that stand for it where it cannot be seen. */
function figure({ altText }: Chart, index: number): string {
  return `<figure><div id="chart-${index}"></div><figcaption>${escapeHtml(altText)}</figcaption></figure>`;
}

/**
 * Script that draws each chart into the element `chart-<index>`, and again when the theme of the
 * reader changes. It needs `vegaEmbed`.
 */
export function embedScript(charts: readonly Chart[]): string {
  const themes = Object.fromEntries(
    (["light", "dark"] as const).map((theme) => [
      theme,
      { background: neutrals[theme].background, config: themeConfig(theme) },
    ]),
  );
  return `
const specs = ${scriptJson(charts)};
const themes = ${scriptJson(themes)};
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawAll = () => {
  const theme = themes[dark.matches ? "dark" : "light"];
  // Without the schema of version 5, which clients like JupyterLab need and newer versions warn about.
  const draw = (spec, index) =>
    vegaEmbed("#chart-" + index, { ...spec, $schema: undefined, ...theme }, { mode: "vega-lite" });
  specs.forEach(draw);
};
dark.addEventListener("change", drawAll);
drawAll();
`;
}

/** JSON for a script element, which a text with its end tag or an HTML comment must not break. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

const pageStyle = `
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: ${neutrals.light.text}; background: ${neutrals.light.background}; }
figure { margin: 0 0 2rem; }
figcaption { max-width: 45rem; color: ${neutrals.light.mutedText}; font-size: 0.9rem; }
.vega-bindings { font-size: 0.9rem; margin: 0.5rem 0; }
.vega-bindings input[type="range"] { width: 20rem; max-width: 60%; vertical-align: middle; }
@media (prefers-color-scheme: dark) {
  body { color: ${neutrals.dark.text}; background: ${neutrals.dark.background}; }
  figcaption { color: ${neutrals.dark.mutedText}; }
}
`;
