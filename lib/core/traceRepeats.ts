import type { MessageEvent, Trace, TraceEvent } from "./trace.ts";

/** Which messages may be drawn together, by their indices. */
export interface RepeatRules {
  /** Stays as it is. */
  readonly isProtected: (index: number) => boolean;
  /** Is drawn together with all of its name, whatever they hold. */
  readonly isOther: (index: number) => boolean;
}

/** Messages drawn together: the first, and how many more. */
interface Group {
  readonly index: number;
  readonly era: number;
  count: number;
}

/**
 * Messages that repeat each other, as one: on one link, of one name and one fate, alike but for numbers
 * at the top of their payloads, with no fault and no change of a leader in between.
 *
 * @param messages indices, ascending
 * @returns indices of the messages left, and the changed ones: those with a count
 */
export function repeatsIn(
  trace: Trace,
  messages: readonly number[],
  { isProtected, isOther }: RepeatRules,
): { kept: number[]; changed: Map<number, TraceEvent> } {
  const eras = erasOf(trace);
  const groups = new Map<string, Group>();
  const kept: number[] = [];
  const changed = new Map<number, TraceEvent>();
  for (const index of messages) {
    const message = trace.events[index] as MessageEvent;
    if (isProtected(index)) {
      kept.push(index);
      continue;
    }
    const key = likeness(message, isOther(index));
    const group = groups.get(key);
    if (group === undefined || group.era !== eras[index]) {
      groups.set(key, { index, era: eras[index]!, count: 0 });
      kept.push(index);
    } else {
      group.count++;
      changed.set(group.index, {
        ...trace.events[group.index]!,
        repeats: group.count,
      } as MessageEvent);
    }
  }
  return { kept, changed };
}

/** By event, the number of faults and changes of leaders before it. */
function erasOf({ events }: Trace): Int32Array {
  const eras = new Int32Array(events.length);
  let era = 0;
  for (const [index, event] of events.entries()) {
    const isLeadership = event.kind === "observe" && ["leads", "yields"].includes(event.name);
    if (event.kind === "fault" || isLeadership) era++;
    eras[index] = era;
  }
  return eras;
}

/** The same for messages that look the same to a reader. */
function likeness(
  { name, from, to, fate, isDuplicate, payload }: MessageEvent,
  isOther: boolean,
): string {
  const content = isOther ? "other" : JSON.stringify(withoutNumbers(payload));
  return JSON.stringify([name, from, to, fate, isDuplicate, content]);
}

function withoutNumbers(payload: unknown): unknown {
  if (typeof payload === "number") return 0;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([name, part]) => [name, typeof part === "number" ? 0 : part]),
  );
}
