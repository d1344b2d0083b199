import { expect, test } from "vitest";
import { type Comparator, selectionNetwork, sortingNetwork } from "./comparatorNetwork.ts";

function apply(network: readonly Comparator[], values: readonly number[]): number[] {
  const sorted = [...values];
  for (const { low, high } of network) {
    const [x, y] = [sorted[low]!, sorted[high]!];
    sorted[low] = Math.min(x, y);
    sorted[high] = Math.max(x, y);
  }
  return sorted;
}

/** All inputs of zeros and ones: a network that sorts these sorts everything (Knuth 5.3.4, theorem Z). */
function zerosAndOnes(n: number): number[][] {
  return Array.from({ length: 2 ** n }, (_, bits) =>
    Array.from({ length: n }, (_, i) => (bits >> i) & 1),
  );
}

const ascending = (a: number, b: number) => a - b;

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  "%d values: every rank is selected, all are sorted",
  (n) => {
    const inputs = zerosAndOnes(n);
    const sorting = sortingNetwork(n);
    const selections = inputs[0]!.map((_, i) => selectionNetwork(n, i + 1));
    for (const input of inputs) {
      const sorted = [...input].sort(ascending);
      expect(apply(sorting, input)).toEqual(sorted);
      selections.forEach((network, i) => {
        if (apply(network, input)[i] !== sorted[i]) expect.fail(`rank ${i + 1} of ${input}`);
      });
    }
  },
);

test("a network without one of its comparators is seen not to sort", () => {
  const network = sortingNetwork(6);
  network.forEach((_, missing) => {
    const broken = network.filter((_, i) => i !== missing);
    const wrong = zerosAndOnes(6).some((input) => {
      return apply(broken, input).join() !== [...input].sort(ascending).join();
    });
    expect(wrong).toBe(true);
  });
});

test("100 values: sorted; the smallest takes 99 comparators", () => {
  const values = Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
  expect(apply(sortingNetwork(100), values)).toEqual([...values].sort(ascending));
  expect(apply(selectionNetwork(100, 63), values)[62]).toBe(62);
  expect(selectionNetwork(100, 1).length).toBe(99);
});
