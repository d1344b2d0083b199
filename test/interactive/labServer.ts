import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { venvProgram } from "../../lib/notebook/doctor.ts";
import { jupyterEnvironment, project } from "./setting.ts";

/** A JupyterLab of this test: its own port, token and settings. */
export interface LabServer {
  /** Address of a notebook in its own workspace. */
  readonly urlOf: (notebook: string) => string;
  /** What the server has said so far. */
  readonly log: () => string;
  /** Ends the server and its kernels. */
  readonly stop: () => Promise<void>;
}

/** Longest wait for the server to answer, in ms. */
const startTimeoutMs = 60_000;

/** Starts JupyterLab on a folder and waits until it answers. */
export async function startLab(folder: string): Promise<LabServer> {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const environment = jupyterEnvironment("lab");
  showAllCells(environment.JUPYTERLAB_SETTINGS_DIR!);
  const server = spawn(
    venvProgram(project, "jupyter-lab"),
    [
      ...["--no-browser", "--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`],
      ...["--ServerApp.port_retries=0", `--IdentityProvider.token=${token}`],
      ...[`--ServerApp.root_dir=${folder}`, "--allow-root"],
    ],
    { env: environment, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  server.stdout.on("data", (chunk) => (log += chunk));
  server.stderr.on("data", (chunk) => (log += chunk));
  const address = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    // Asking ends the kernels as well; SIGINT would make the server ask back.
    await fetch(`${address}/api/shutdown?token=${token}`, { method: "POST" }).catch(() => {
      server.kill("SIGKILL");
    });
    await ended;
  };
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(`${address}/api/status?token=${token}`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`JupyterLab did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const urlOf = (notebook: string): string =>
    `${address}/lab/workspaces/test/tree/${encodeURIComponent(notebook)}?token=${token}&reset`;
  return { urlOf, log: () => log, stop };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** JupyterLab keeps only visible cells in the page; the test wants to look at all of them. */
function showAllCells(settings: string): void {
  const folder = join(settings, "@jupyterlab", "notebook-extension");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ windowingMode: "none" });
  writeFileSync(join(folder, "tracker.jupyterlab-settings"), text);
}
