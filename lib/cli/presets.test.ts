import { expect, test, vi } from "vitest";
import { presetScenario } from "../presets/presetScenario.ts";
import { runCommand } from "./program.ts";

/** What a command line prints, in this process. */
async function printed(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    texts.out += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    texts.err += text;
    return true;
  });
  try {
    return { status: await runCommand(["presets", ...args]), ...texts };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test("a preset may be named with its fault, as simulate names it", async () => {
  const { status, out } = await printed("patroni/isolation", "--scenario");
  expect(status).toBe(0);
  const expected = presetScenario("patroni", "isolation");
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(expected)));
  expect((await printed("patroni/isolation")).out).toBe((await printed("patroni")).out);
});

test("refuses other names in one line, with the nearest", async () => {
  const { status, err } = await printed("patrony");
  expect(status).toBe(2);
  expect(err).toMatch(/^quorumlab: [^\n]+\(did you mean "patroni"\?\), got "patrony"\n$/);
  expect((await printed("patroni/x")).err).toContain("patroni, patroni/crash or patroni/isolation");
});
