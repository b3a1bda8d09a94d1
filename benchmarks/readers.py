"""Readers: what becomes of the files in a folder, and the throughput of each format.

    python benchmarks/readers.py [PATH...]

PATH are files, folders or archives (the cases of the tests unless given). First a table of each format: files tried,
dispatches read, how many of them have each field, and what was rejected and why. Then, for each format, its
dispatches are read over and over for a second of the processor: MB/s of the bytes as received, and dispatches a second.
"""

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from flows.read import open_inputs, parse
from schemas.raw import Payload, RawDispatch, Refusal

ROOT = Path(__file__).parents[1]
FIELDS = (
    "headline", "byline", "slugline", "feed_id", "version", "version_created", "first_created", "language", "urgency",
    "subjects", "ed_note", "rights", "embargoed_until", "repairs",
)  # fmt: skip
LARGEST = 4_000_000
SECONDS = 1.0


def read_all(paths: list[str]) -> dict[str, list[tuple[Payload | Refusal, list[RawDispatch | Refusal]]]]:
    """Return what each payload comes to, by format; what no reader takes is `(none)`."""
    found = defaultdict(list)
    for each in open_inputs(paths, source="bench", max_bytes=LARGEST):
        if isinstance(each, Refusal):
            found[each.format or "(none)"].append((each, [each]))
        elif not each.uri.endswith(".expected.json"):
            found[each.format].append((each, list(parse(each))))
    return found


def table(found: dict[str, list[tuple[Payload | Refusal, list[RawDispatch | Refusal]]]]) -> None:
    """Print what became of each format."""
    print(f"{'format':<10}{'files':>7}{'read':>7}{'killed':>8}{'held':>6}{'rejected':>10}  why")
    for format, made in sorted(found.items()):
        files = {each.uri for each, _ in made}
        raws = [raw for _, parts in made for raw in parts if isinstance(raw, RawDispatch)]
        refused = Counter(part.reason for _, parts in made for part in parts if isinstance(part, Refusal))
        held = sum(raw.status in ("embargoed", "withheld") for raw in raws)
        killed = sum(raw.status == "killed" for raw in raws)
        why = ", ".join(f"{reason} {count}" for reason, count in refused.most_common())
        print(f"{format:<10}{len(files):>7,}{len(raws):>7,}{killed:>8,}{held:>6,}{refused.total():>10,}  {why}")
        filled = Counter(name for raw in raws for name in FIELDS if getattr(raw, name))
        if filled:
            print(" " * 11 + ", ".join(f"{name} {filled[name]}" for name in FIELDS if filled[name]))


def throughput(found: dict[str, list[tuple[Payload | Refusal, list[RawDispatch | Refusal]]]]) -> None:
    """Print the rate of each reader, one process."""
    print(f"\n{'format':<10}{'MB/s':>8}{'dispatches/s':>14}{'mean kB':>9}")
    for format, made in sorted(found.items()):
        payloads = [each for each, parts in made if isinstance(each, Payload) and isinstance(parts[0], RawDispatch)]
        if not payloads:
            continue
        size = count = 0
        started = time.process_time()
        while (seconds := time.process_time() - started) < SECONDS:
            for payload in payloads:
                count += len(parse(payload))
                size += len(payload.data)
        print(f"{format:<10}{size / seconds / 1e6:>8.2f}{count / seconds:>14,.0f}{size / count / 1e3:>9.1f}")


def main() -> None:
    given = sys.argv[1:]
    found = read_all(given or [str(ROOT / "tests/cases"), str(ROOT / "tests/samples")])
    table(found)
    throughput(found)


if __name__ == "__main__":
    main()
