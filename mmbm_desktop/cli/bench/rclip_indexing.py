"""Run by a Python that has rclip: indexes a folder as rclip does, with a network that is given, and prints the seconds.

It stands alone: that Python does not know this program. Arguments: the folder, the network's file, a folder to work in.
The network takes rclip's input, (N, 3, 256, 256), and gives what rclip stores, (N, 512).
"""

from __future__ import annotations

import json
import os
import sys
import time

BATCH = 8
"""Pictures a run of the network: rclip's own default."""


def index(pictures: str, network: str, home: str) -> float:
    """Return the seconds from nothing loaded to everything stored; rclip's own code, but for where the network is."""
    os.environ["RCLIP_DATADIR"] = home
    began = time.perf_counter()
    from rclip import db, main, model, model_download  # pyright: ignore[reportMissingImports]

    model_download.load_visual_query_session = lambda: model_download._load_onnx_session(network)
    database = db.DB(os.path.join(home, "db.sqlite3"))  # noqa: PTH118 - as rclip does
    rclip = main.RClip(model.Model(), database, indexing_batch_size=BATCH, exclude_dirs=None)
    rclip.ensure_index(pictures)
    rclip.close()
    database.close()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps({"seconds": index(*sys.argv[1:4])}))
