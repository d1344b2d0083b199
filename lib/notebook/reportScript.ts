/**
 * What a report does in the browser: draws the charts, follows the theme, folds code. Plain
 * JavaScript as text, because it is put into the page; `charts` and `themes` are defined before it.
 */
export const reportScript = `
const root = document.documentElement;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;

async function drawCharts() {
  const theme = themes[isDark() ? "dark" : "light"];
  for (const [id, spec] of Object.entries(charts)) {
    const target = document.getElementById(id);
    const sliders = (spec.params ?? []).filter((param) => param.bind).map((param) => param.name);
    const places = target.view ? sliders.map((name) => [name, target.view.signal(name)]) : [];
    try {
      const { view } = await vegaEmbed(target, { ...spec, ...theme }, {
        renderer: "svg",
        actions: { export: true, source: false, compiled: false, editor: false },
        downloadFileName: id,
      });
      for (const [name, value] of places) view.signal(name, value);
      await view.runAsync();
      target.view = view;
      target.dataset.drawn = "true";
    } catch (error) {
      target.dataset.drawn = "failed";
      target.append("This chart could not be drawn: " + error.message);
    }
  }
}

document.getElementById("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  drawCharts();
});
prefersDark.addEventListener("change", drawCharts);

const foldButton = document.getElementById("fold");
foldButton?.addEventListener("click", () => {
  const open = foldButton.getAttribute("aria-pressed") !== "true";
  foldButton.setAttribute("aria-pressed", String(open));
  foldButton.textContent = open ? "Hide code" : "Show code";
  for (const cell of document.querySelectorAll("details.code")) cell.open = open;
});

const links = new Map([...document.querySelectorAll("nav.contents a")].map((a) => [a.hash.slice(1), a]));
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "0px 0px -75% 0px" });
for (const heading of document.querySelectorAll("main h2, main h3")) observer.observe(heading);

drawCharts();
`;
