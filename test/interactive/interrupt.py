"""Runs a sweep in a real kernel, interrupts it when it first shows the time left, prints JSON."""

import json

from jupyter_client.manager import KernelManager

SWEEP = """const table = await sweep({
  measure: "staleness",
  over: { r: [1, 2], atMs: Array.from({ length: 200 }, (_, i) => i) },
  base: { n: 3, w: 1, trials: 50_000 },
  seed: 1,
});"""

manager = KernelManager(kernel_name="tslab")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
seen = {"displays": [], "text": "", "errors": "", "interrupts": 0}


def on_output(message):
    kind, content = message["msg_type"], message["content"]
    if kind in ("display_data", "update_display_data"):
        html = content["data"].get("text/html", "")
        seen["displays"].append([kind, html])
        if "left" in html and seen["interrupts"] == 0:
            seen["interrupts"] = 1
            manager.interrupt_kernel()
    elif kind == "stream":
        seen["text" if content["name"] == "stdout" else "errors"] += content["text"]


def run(code):
    reply = client.execute_interactive(code, output_hook=on_output, timeout=120)
    return reply["content"]["status"]


try:
    cells = ['import { sweep } from "quorumlab";', SWEEP, "[table.complete, table.rows.length]"]
    seen["statuses"] = [run(cell) for cell in cells]
    print(json.dumps(seen))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
