"""Seconds from the cold start of the TypeScript kernel to the first chart of a notebook: firstChart.py NOTEBOOK"""
import os
import sys
import time

import nbformat
from jupyter_client.manager import start_new_kernel

CHART = "application/vnd.vegalite.v5+json"
LIMIT_S = 120


def shows_chart(client, source):
    """Runs a cell; whether it showed a chart."""
    request = client.execute(source)
    shown = False
    while True:
        message = client.get_iopub_msg(timeout=LIMIT_S)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream" and content["name"] == "stderr":
            sys.exit(content["text"])
        shown = shown or (kind == "display_data" and CHART in content["data"])
        if shown or (kind == "status" and content["execution_state"] == "idle"):
            return shown


path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
start = time.monotonic()
manager, client = start_new_kernel(kernel_name="tslab", cwd=os.path.dirname(path))
try:
    if not any(shows_chart(client, cell.source) for cell in notebook.cells if cell.cell_type == "code"):
        sys.exit(f"{path} shows no chart")
    print(time.monotonic() - start)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
