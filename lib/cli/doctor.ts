import { Command } from "commander";
import { type DoctorFinding, examine } from "../notebook/doctor.ts";

/**
 * `quorumlab doctor`: checks what the library, Jupyter and the tests rely on and says what to do
 * about each failure. Exit code 1 if something required is missing.
 */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check the installation and say what to do about what is missing")
    .option("--json", "print the findings as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(process.cwd());
      console.log(json ? JSON.stringify(findings, null, 2) : findings.map(lineOf).join("\n"));
      const isBroken = findings.some(({ status, required }) => required && status !== "ok");
      if (isBroken) process.exitCode = 1;
    });
}

/** Width of the longest name of a finding. */
const nameWidth = 18;

function lineOf({ name, status, required, detail, remedy }: DoctorFinding): string {
  const mark = status === "ok" ? "ok      " : required ? "MISSING " : "missing ";
  const optional = required || status === "ok" ? "" : " (optional)";
  const line = `${mark} ${name.padEnd(nameWidth)} ${detail}${optional}`;
  return remedy ? `${line}\n${" ".repeat(mark.length + 1)}→ ${remedy}` : line;
}
