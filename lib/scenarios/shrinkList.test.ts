import fc from "fast-check";
import { expect, test } from "vitest";
import { shrinkList } from "./shrinkList.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test("finds exactly the elements that matter, wherever they stand", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.nat(59), { maxLength: 6 }),
      (n, some) => {
        const needed = [...new Set(some.filter((each) => each < n))].sort((a, b) => a - b);
        const found = shrinkList(numbers(n), (items) =>
          needed.every((each) => items.includes(each)),
        );
        expect(found).toEqual(needed);
      },
    ),
  );
});

// Not monotone: any two of the same parity will do, or all of them.
test("what is left is 1-minimal for any property that holds of the whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 5 }), (n, modulus) => {
      const holds = (items: readonly number[]): boolean =>
        items.length === n ||
        items.some((a) => items.some((b) => a < b && (b - a) % modulus === 0));
      const left = shrinkList(numbers(n), holds);
      expect(holds(left)).toBe(true);
      for (const out of left) expect(holds(left.filter((each) => each !== out))).toBe(false);
    }),
  );
});

test("asks few questions: some 2 k log2 n where k of n matter", () => {
  let asked = 0;
  shrinkList(numbers(1024), (items) => {
    asked++;
    return items.includes(17) && items.includes(900);
  });
  expect(asked).toBeLessThan(50);
});

test("an empty list stays empty; one that does not matter vanishes", () => {
  expect(shrinkList([], () => true)).toEqual([]);
  expect(shrinkList([1, 2, 3], () => true)).toEqual([]);
});
