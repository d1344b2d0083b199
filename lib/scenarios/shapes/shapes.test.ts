import { expect, test } from "vitest";
import { nearestName } from "./nearest.ts";

test("the nearest name is the one with the fewest changes, if it is near", () => {
  const names = ["failover", "fencing", "retention", "oldLeader"];
  expect(nearestName("failvoer", names)).toBe("failover"); // exchanged
  expect(nearestName("fenc", names)).toBe(undefined); // three letters short
  expect(nearestName("fencin", names)).toBe("fencing"); // left out
  expect(nearestName("retenntion", names)).toBe("retention"); // put in
  expect(nearestName("oldleader", names)).toBe("oldLeader"); // case
  expect(nearestName("network", names)).toBe(undefined);
  expect(nearestName("x", [])).toBe(undefined);
});
