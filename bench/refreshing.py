"""A process that does nothing but refresh: `python -m bench.refreshing CATALOGUE_URL FOLDER` tells time and memory.

What is measured is the process, so it is started anew by a small one: on Linux the peak of whoever starts a
process is carried over into it.
"""

import json
import resource
import sys
import time

from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.store import open_catalogue

ROUNDS = 3


def main(catalogue_url: str, folder: str) -> None:
    """Refresh `ROUNDS` times from `catalogue_url` into `folder`."""
    catalogue = open_catalogue(catalogue_url)
    refresher = Refresher(catalogue, AnalyticsStorage(f"file://{folder}"), about={})
    seconds, processor_seconds = [], []
    for _ in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        assert refresher.refresh(force=True)
        seconds.append(time.perf_counter() - started)
        processor_seconds.append(time.process_time() - busy)
    catalogue.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "processor_seconds": processor_seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
