import { spaceTimeChart } from "../charts/spaceTimeChart.ts";
import { formatDuration } from "../core/duration.ts";
import { escapeHtml } from "../core/escapeHtml.ts";
import type { Trace } from "../core/trace.ts";
import { sliceOf } from "../core/traceSlice.ts";
import { traceText } from "../core/traceText.ts";
import { chartPage } from "../notebook/chartPage.ts";
import { type BadMoment, badMoment, quietMoment } from "../scenarios/badMoment.ts";
import { type BadOutcome, badOutcomeTexts } from "../scenarios/badOutcomes.ts";
import { runScenario } from "../scenarios/runScenario.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Witness } from "../scenarios/witness.ts";
import { runText, type ShownRun } from "./simulateOneRun.ts";

/** The part of a run that a page shows. */
interface Section {
  readonly trace: Trace;
  readonly title: string;
  /** Numbers of the operations that it is about. */
  readonly operations: readonly number[];
}

/** A page that stands alone: the space-time diagram of a part of a run, and the same as text. */
export function tracePage(scenario: Scenario, run: ShownRun): string {
  return pageOf(sectionOf(scenario, run), `${scenario.name}, ${runText(run)}`);
}

/** The same of a witness, with the story in words. */
export function witnessPage(
  { trace, scenario, seed, explanation }: Witness,
  outcome: BadOutcome,
): string {
  const title = `Witness: ${badOutcomeTexts[outcome]}`;
  const section = { trace, title, operations: [] };
  return pageOf(section, `${scenario.name}, run seed ${seed}`, explanation.join("\n"));
}

function pageOf({ trace, title, operations }: Section, subtitle: string, story = ""): string {
  const chart = spaceTimeChart(trace, { title, subtitle, highlight: operations.slice(-1) });
  const text = [story, traceText(trace)]
    .filter((each) => each !== "")
    .map((each) => `<pre style="overflow-x: auto">${escapeHtml(each)}</pre>`);
  const page = chartPage([chart]);
  // The last one: scripts may speak of tags too.
  const end = page.lastIndexOf("</body>");
  return `${page.slice(0, end)}${text.join("\n")}\n${page.slice(end)}`;
}

/** Time before and after what went wrong that is shown, in ms; less if that is too much to draw. */
const marginsMs = [50, 10, 2, 0];

function sectionOf(scenario: Scenario, run: ShownRun): Section {
  return run.outcome === undefined ? quietSection(scenario, run) : badSection(scenario, run);
}

function badSection(scenario: Scenario, { seed, outcome }: ShownRun): Section {
  const moment = badMoment(scenario, seed, outcome!);
  const title = `After ${formatDuration(moment.fromMs)} ${badOutcomeTexts[outcome!]}`;
  return { ...readable(scenario, seed, moment), title };
}

/** Nothing went wrong: the first fault and what follows, or the first operations. */
function quietSection(scenario: Scenario, { seed }: ShownRun): Section {
  const moment = quietMoment(scenario, seed);
  const title = `Nothing went wrong: what happens after ${formatDuration(moment.fromMs)}`;
  return { ...readable(scenario, seed, moment), title };
}

/** Marks that somebody can follow. */
const eventsMax = 300;

/** The slice of a window with as much of a margin as can be read; of a long one its beginning. */
function readable(
  scenario: Scenario,
  seed: number,
  { fromMs, toMs, operations }: BadMoment,
): Omit<Section, "title"> {
  const windows = [
    ...marginsMs.map((marginMs) => [Math.max(0, fromMs - marginMs), toMs + marginMs] as const),
    ...[2, 4, 8, 16, 32, 64].map((part) => [fromMs, fromMs + (toMs - fromMs) / part] as const),
  ];
  const slices = windows.map((window) => () => sliceIn(scenario, seed, window, operations));
  let section = slices[0]!();
  for (const slice of slices.slice(1)) {
    if (section.trace.events.length <= eventsMax) break;
    section = slice();
  }
  return section;
}

function sliceIn(
  scenario: Scenario,
  seed: number,
  [fromMs, toMs]: readonly [number, number],
  operations: readonly number[],
): Omit<Section, "title"> {
  const whole = runScenario(scenario, seed, { fromMs, toMs, maxEvents: 1_000_000 }).trace;
  const known = operations.filter((id) =>
    whole.events.some((event) => event.kind === "invoke" && event.operation.id === id),
  );
  const about = known.length > 0 ? { operations: known } : {};
  return { trace: sliceOf(whole, { fromMs, toMs, ...about }), operations: known };
}
