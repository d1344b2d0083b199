import { neutrals } from "../charts/palette.ts";

/** Colours of the page in one theme; ground and text are those of the charts. */
function colours(theme: "light" | "dark"): string {
  const { background, text, mutedText, grid } = neutrals[theme];
  const own =
    theme === "light"
      ? "--link: #0060a0; --soft: #f6f7f8; --error: #a4262c; --t-keyword: #8a3ea8; --t-string: #0a6b3d;" +
        " --t-number: #a04a00; --t-call: #0059a8; --t-comment: #667079; --mark: #fff3d6;"
      : "--link: #6cb6ff; --soft: #1e232b; --error: #ff8f87; --t-keyword: #d2a8ff; --t-string: #8fd9a8;" +
        " --t-number: #ffb77a; --t-call: #8cc4ff; --t-comment: #98a2ad; --mark: #3a3014;";
  return `color-scheme: ${theme}; --ground: ${background}; --text: ${text}; --muted: ${mutedText}; --rule: ${grid}; ${own}`;
}

/** The style sheet of a report: an essay set in one column, with fonts that the reader has. */
export const reportStyle: string = `
:root { ${colours("light")}
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", Charter, Georgia, "DejaVu Serif", serif;
  --sans: system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media (prefers-color-scheme: dark) { :root:not([data-theme]) { ${colours("dark")} } }
:root[data-theme="dark"] { ${colours("dark")} }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 1.0625rem/1.62 var(--serif);
  text-rendering: optimizeLegibility; -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; }
.page { display: grid; grid-template-columns: minmax(0, 46rem); justify-content: center;
  gap: 0 3.5rem; padding: 2.5rem 1.25rem 5rem; }
header.report, main, footer { grid-column: 1; min-width: 0; }
.tools { display: flex; gap: .5rem; justify-content: flex-end; font: .8rem var(--sans); }
.tools button { font: inherit; color: var(--muted); background: none; border: 1px solid var(--rule);
  border-radius: 4px; padding: .25rem .7rem; cursor: pointer; }
.tools button:hover { color: var(--text); border-color: var(--muted); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3, h4 { font-weight: 600; line-height: 1.22; text-wrap: balance; }
h1 { font-size: 2.25rem; letter-spacing: -.012em; margin: 1.4rem 0 .6rem; }
h2 { font-size: 1.5rem; margin: 2.8rem 0 .7rem; }
h3 { font-size: 1.18rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.origin { color: var(--muted); font: .84rem/1.5 var(--sans); margin: 0; }
header.report { border-bottom: 1px solid var(--rule); padding-bottom: 1.2rem; margin-bottom: 1.6rem; }
p, ul, ol, blockquote { margin: 0 0 1.05rem; }
p { hanging-punctuation: first; }
li + li { margin-top: .25rem; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
blockquote { border-left: 3px solid var(--rule); margin-left: 0; padding-left: 1.1rem; color: var(--muted); }
hr { border: 0; border-top: 1px solid var(--rule); margin: 2rem 0; }
img { max-width: 100%; height: auto; }
math { font-size: 1.04em; }
math[display="block"] { display: block math; margin: .9rem 0; padding: .4rem 0; overflow-x: auto; }
code, pre { font-family: var(--mono); font-size: .845em; font-variant-ligatures: none; }
:not(pre) > code { background: var(--soft); border-radius: 3px; padding: .1em .3em; }
pre { margin: 0; line-height: 1.5; overflow-x: auto; tab-size: 2; }
.code { margin: 1rem 0 .6rem; border-left: 2px solid var(--rule); }
.code summary { cursor: pointer; list-style: none; color: var(--muted); font-size: .8rem;
  padding: .1rem 0 .1rem .9rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.code summary::-webkit-details-marker { display: none; }
.code summary::before { content: "▸"; display: inline-block; width: 1.1em; font-family: var(--sans); }
.code[open] summary::before { content: "▾"; }
.code[open] summary code { visibility: hidden; }
.code summary code { background: none; padding: 0; font-size: .78rem; opacity: .85; }
.code summary:hover { color: var(--text); }
.code pre { background: var(--soft); padding: .8rem 1rem; font-size: .81rem; }
.t-keyword { color: var(--t-keyword); } .t-string { color: var(--t-string); }
.t-number { color: var(--t-number); } .t-call { color: var(--t-call); }
.t-comment { color: var(--t-comment); font-style: italic; }
.output { margin: .4rem 0 1.3rem; overflow-x: auto; }
.output table { margin: .5rem 0 .8rem; }
.output > pre { padding: .1rem 0 .1rem 1rem; color: var(--text); }
.output > pre.error { color: var(--error); }
figure { margin: 1.4rem 0 1.8rem; overflow-x: auto; }
figure .vega-embed { width: auto; max-width: 100%; padding-right: 0; }
figure .vega-embed > svg, figure .vega-embed .chart-wrapper svg, figure > .chart > img { max-width: 100%; height: auto; }
figure .vega-embed summary { opacity: .25 !important; background: var(--ground); border-color: var(--rule); }
figure .vega-embed:hover summary { opacity: 1 !important; }
.vega-embed .vega-bindings { font: .86rem var(--sans); color: var(--text); padding: .5rem 0 0 .3rem; }
.vega-embed .vega-bind-name { display: inline-block; min-width: 7rem; }
.vega-embed .vega-bindings input[type="range"] { width: 15rem; vertical-align: middle; accent-color: var(--link); }
table { border-collapse: collapse; font: .87rem/1.45 var(--sans); font-variant-numeric: tabular-nums lining-nums;
  margin: 1.1rem 0 1.5rem; border-top: 1.5px solid var(--text); border-bottom: 1.5px solid var(--text); }
th { font-weight: 600; text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--muted); }
th, td { padding: .32rem 1.1rem .32rem 0; }
th:last-child, td:last-child { padding-right: .2rem; }
tbody tr + tr td { border-top: 1px solid var(--rule); }
.output td { white-space: nowrap; }
tbody th { border-bottom: 0; font-weight: 500; }
table caption { caption-side: top; text-align: left; color: var(--muted); padding-bottom: .4rem; }
.parameters { margin: 1rem 0 0; font-size: .84rem; }
.parameters tr.changed td { background: var(--mark); }
nav.contents { font: .84rem/1.45 var(--sans); margin: 0 0 1.5rem; }
nav.contents ol { list-style: none; margin: 0; padding: 0; }
nav.contents li { margin: .3rem 0; }
nav.contents li.sub { padding-left: 1rem; }
nav.contents a { color: var(--muted); text-decoration: none; }
nav.contents a:hover, nav.contents a[aria-current] { color: var(--link); }
@media (min-width: 74rem) {
  .page { grid-template-columns: 13rem minmax(0, 46rem); justify-content: center; padding-right: 6rem; }
  .page:not(:has(nav.contents)) { grid-template-columns: minmax(0, 46rem); padding-right: 1.25rem; }
  .page:has(nav.contents) > :is(header.report, main, footer) { grid-column: 2; }
  .output:has(table), figure { margin-right: -6rem; }
  nav.contents { grid-column: 1; grid-row: 2; position: sticky; top: 2rem; align-self: start;
    max-height: calc(100vh - 4rem); overflow-y: auto; }
}
footer { border-top: 1px solid var(--rule); margin-top: 3.5rem; padding-top: 1rem; color: var(--muted);
  font: .84rem/1.5 var(--sans); }
footer summary { cursor: pointer; }
footer table { font-size: .8rem; border-color: var(--rule); }
footer td { overflow-wrap: anywhere; vertical-align: top; }
@media print { .tools, nav.contents, .vega-bindings, .vega-embed details { display: none !important; }
  html { font-size: 10.5pt; } figure, table, pre { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`;
