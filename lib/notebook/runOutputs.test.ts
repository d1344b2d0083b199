import { expect, test } from "vitest";
import { withoutPaths } from "./runOutputs.ts";

const paths = [
  ["/home/ann/essay", "<project>"],
  ["/home/ann", "~"],
  ["/tmp", "<tmp>"],
] as const;

function stripped(text: string): string {
  const output = withoutPaths({ output_type: "stream", name: "stdout", text }, paths);
  return (output as { text: string }).text;
}

test.each([
  ["at /home/ann/essay/x.ts:3", "at <project>/x.ts:3"],
  ["file:///home/ann/x.ts", "~/x.ts"],
  ["ok\n/tmp/x", "ok\n<tmp>/x"],
  ["`/home/ann/essay`", "`<project>`"],
  ["[/tmp]", "[<tmp>]"],
  ["<td>/tmp</td>", "<td><tmp></td>"],
  ["It is /home/ann/essay.", "It is <project>."],
])("%j becomes %j", (text, expected) => {
  expect(stripped(text)).toBe(expected);
});

test.each(["https://a.org/tmp/x", "/var/tmp/x", "/tmpfile", "/home/anna", "./tmp", "/tmp.d/x"])(
  "%j is left as it is",
  (text) => {
    expect(stripped(text)).toBe(text);
  },
);
