/** Events in an array: their times, and in the same places their slots. */
export interface EventTimes {
  readonly times: Float64Array;
  readonly slots: Int32Array;
}

/** Up to here inserting is faster than merging. */
export const fewEvents = 24;

/**
 * Sorts the first `count` events by time; those of one time keep their order.
 *
 * By insertion where they are few, else by merging runs that are sorted already: linear in the number
 * of events if most have one time.
 *
 * @param spare room for as many events
 * @returns whether the result is in `spare`
 */
export function sortByTime(events: EventTimes, spare: EventTimes, count: number): boolean {
  if (count <= fewEvents) {
    insertionSort(events, count);
    return false;
  }
  let isInSpare = false;
  for (;;) {
    const runs = isInSpare ? mergeRuns(spare, events, count) : mergeRuns(events, spare, count);
    isInSpare = !isInSpare;
    if (runs <= 1) return isInSpare;
  }
}

function insertionSort({ times, slots }: EventTimes, count: number): void {
  for (let i = 1; i < count; i++) {
    const time = times[i]!;
    const slot = slots[i]!;
    let place = i;
    while (place > 0 && times[place - 1]! > time) {
      times[place] = times[place - 1]!;
      slots[place] = slots[place - 1]!;
      place--;
    }
    times[place] = time;
    slots[place] = slot;
  }
}

/** Merges each run with the next; returns how many runs are left. */
function mergeRuns(from: EventTimes, to: EventTimes, count: number): number {
  let runs = 0;
  for (let first = 0; first < count; runs++) {
    const second = runEnd(from.times, first, count);
    const end = second < count ? runEnd(from.times, second, count) : count;
    merge(from, to, first, second, end);
    first = end;
  }
  return runs;
}

/** Where the sorted run that begins at a place ends. */
function runEnd(times: Float64Array, first: number, count: number): number {
  let end = first + 1;
  while (end < count && times[end]! >= times[end - 1]!) end++;
  return end;
}

function merge(from: EventTimes, to: EventTimes, first: number, second: number, end: number): void {
  let left = first;
  let right = second;
  for (let place = first; place < end; place++) {
    const isLeft = left < second && (right === end || from.times[left]! <= from.times[right]!);
    const taken = isLeft ? left++ : right++;
    to.times[place] = from.times[taken]!;
    to.slots[place] = from.slots[taken]!;
  }
}
