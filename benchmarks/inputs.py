"""Reading folders of small files: peak memory at two sizes, and what a second run costs.

    python benchmarks/inputs.py [--files 20000 200000] [--folder /dev/shm]

Each size is measured in processes of its own: the first run walks the folder, reads every file to payloads, and notes
it in the embedded store; the second passes over all of them. The payloads are not parsed and processed: what is
measured is what inputs cost.

Measured on a busy two-core machine. Of the memory, up to 64 MB is the page cache of the embedded store.

| files | run | passed over | seconds | CPU seconds | peak MB |
|---:|---|---:|---:|---:|---:|
| 20,000 | first | 0 | 4.0 | 3.9 | 53 |
| 20,000 | second | 20,000 | 0.6 | 0.6 | 51 |
| 200,000 | first | 0 | 45.8 | 42.2 | 106 |
| 200,000 | second, beside other work | 200,000 | 31.1 | 5.7 | 98 |
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXT = "Talks number {0} go on\nKYIV (Dispatches) -- Delegates of {0} towns met on Monday.\n\nNo date was set.\n"
PER_FOLDER = 10_000


def make(folder: Path, files: int) -> None:
    """Write so many small files, with a date long past."""
    for number in range(files):
        path = folder / f"{number // PER_FOLDER:03}" / f"{number:07}.txt"
        if number % PER_FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(number))
        os.utime(path, (1_700_000_000, 1_700_000_000))


def measure(what: str, folder: str, store_at: str) -> dict[str, float]:
    """Do one of the measured things in this process."""
    import datetime as dt
    from functools import partial

    from flows.gather import Ended, Passed, nothing_known, open_sources
    from flows.store import open_store
    from flows.store.files import StoredFile, file_id, save_files, stored_files
    from schemas.config import Source
    from schemas.raw import Payload

    sources = {"bench": Source(paths=(folder,))}
    started, cpu = time.perf_counter(), time.process_time()
    items = passed = 0
    store = open_store(store_at)
    done: list[StoredFile] = []
    known = nothing_known if what == "first" else partial(stored_files, store)
    for element in open_sources(sources, 4_000_000, known):
        if isinstance(element, Payload):
            items += 1
        elif isinstance(element, Passed):
            passed += 1
        elif isinstance(element, Ended) and element.place and element.stamp:
            done.append(StoredFile(file_id("bench", element.place.uri), "bench", element.stamp, 1))
        if len(done) == 500:
            save_files(store, done, dt.datetime.now(dt.UTC))
            done = []
    save_files(store, done, dt.datetime.now(dt.UTC))
    store.close()
    return {
        "items": items, "passed": passed, "seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--folder", default=None, help="where the files are made; a memory disk is best")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(*arguments.one)))
        return
    print(
        "| files | what | items | passed over | seconds | CPU seconds | peak MB |\n|---:|---|---:|---:|---:|---:|---:|"
    )
    for files in arguments.files:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            make(Path(folder) / "in", files)
            for what in ("first", "second"):
                command = [sys.executable, __file__, "--one", what, f"{folder}/in", f"{folder}/news.db"]
                path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
                done = subprocess.run(command, env=path, capture_output=True, text=True, check=True)
                got = json.loads(done.stdout)
                print(
                    f"| {files:,} | {what} | {got['items']:,} | {got['passed']:,} | {got['seconds']:.1f} "
                    f"| {got['cpu']:.1f} | {got['peak_mb']:.0f} |",
                    flush=True,
                )
            if os.path.exists(f"{folder}/news.db"):
                print(f"| {files:,} | store | | | | | {os.path.getsize(f'{folder}/news.db') / 2**20:.0f} (file) |")


if __name__ == "__main__":
    main()
