import { expect, test } from "vitest";
import { markdownWriter } from "./reportMarkdown.ts";

test("headings have different anchors, also where one ends in a number", () => {
  const writer = markdownWriter(".");
  const source = "# Table 4\n\n# Table 4\n\n# Step 2\n\n# Step\n\n# Step";
  writer.html({ cell_type: "markdown", id: "a", metadata: {}, source });
  expect(writer.headings.map(({ anchor }) => anchor)).toEqual([
    "table-4",
    "table-4-2",
    "step-2",
    "step",
    "step-3",
  ]);
});
