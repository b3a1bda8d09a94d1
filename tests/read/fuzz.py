"""A campaign against the readers: inputs that are almost right, in any number. The short one is in the tests.

    python tests/read/fuzz.py [COUNT] [SEED] [FOLDER]

Each input is a case that was changed, cut off, nested or mixed with another, or random bytes. It is read as a file
would be, its format told by the content, and by the reader of its folder. What raises, takes more than 5 seconds of
the processor or comes to nothing is written to FOLDER (`./fuzz-found`), with the reason. A table counts them.
"""

import copy
import random
import signal
import sys
import time
import traceback
from collections import Counter
from hashlib import sha256
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

from flows.read import parse
from flows.read.archives import Limits
from flows.read.files import _open
from flows.read.split import Origin
from schemas.raw import Payload, RawDispatch, Refusal

CASES = Path(__file__).parents[1] / "cases"
FORMATS = (
    "anpa", "feed", "html", "iptc7901", "jsonl", "mail", "newsml1", "newsmlg2", "ninjs", "nitf", "table", "text",
)  # fmt: skip
SECONDS = 5
TOKENS = [
    *(b"< > </p> <p> ]]> <![CDATA[ <!-- --> &a; &#0; &#xD800; &#x110000; &nbsp; xmlns:a='b' encoding='utf-7'").split(),
    *(b'" \\ \\ud83d \\u0000 { } [ ] , : null 1e999 -1 $ . __proto__ charset=idna =?utf-8?b? -- ^ = %s%n').split(),
    *(b"99999999999999999999 2025-13-45T99:99:99Z 0001-01-01T00:00:00+14:00 ../../etc/passwd stat:canceled").split(),
    *(bytes([code]) for code in (0, 1, 2, 3, 4, 9, 13, 0x16, 0x1F, 0x7F, 0x93, 0xC3, 0xFF)),
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<script>alert(1)</script>", b'Content-Type: multipart/mixed; boundary=""\r\n',
    b"Content-Transfer-Encoding: base64\r\n", b"\n\n", b"-\n", b"\xc2\xad", b"\xef\xbb\xbf", b"\xff\xfe",
    "é\u2028\u202e".encode(),
]  # fmt: skip
NESTED = ((b"<a>", b"</a>"), (b'{"a":', b"}"), (b"[", b"]"), (b"<div>", b""), (b"<p>", b"</p>"))


def samples() -> list[tuple[str, bytes]]:
    """Return the inputs of the cases, and the samples of the formats that have none."""
    found = [
        (folder.name, path.read_bytes())
        for folder in sorted(CASES.iterdir()) if folder.name in FORMATS
        for path in sorted(folder.iterdir()) if not path.name.endswith(".expected.json")
    ]  # fmt: skip
    others = sorted((CASES.parent / "samples").iterdir())
    return [*found, *(("jsonl" if path.suffix == ".jsonl" else "text", path.read_bytes()) for path in others)]


def mutate(data: bytes, others: list[tuple[str, bytes]], dice: random.Random) -> bytes:
    """Return an input that was changed in one to eight ways."""
    for _ in range(dice.randint(1, 8)):
        at, upto = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
        upto = min(upto, at + dice.choice((0, 1, 8, 200)))
        way = dice.randrange(8)
        if way == 0:
            data = data[:at] + dice.randbytes(dice.randint(1, 8)) + data[upto:]
        elif way in (1, 2):
            data = data[:at] + dice.choice(TOKENS) * dice.choice((1, 1, 1, 3, 300)) + data[upto:]
        elif way == 3:
            data = data[:at] + data[at:upto] * dice.choice((2, 2, 50)) + data[upto:]
        elif way == 4:
            data = data[:at] if dice.random() < 0.3 else data[:at] + data[upto:]
        elif way == 5:
            other = dice.choice(others)[1]
            begin = dice.randint(0, len(other))
            data = data[:at] + other[begin : begin + dice.choice((20, 400, 5000))] + data[upto:]
        elif way == 6:
            data = data[:at] + bytes(byte ^ (1 << dice.randrange(8)) for byte in data[at : at + 4]) + data[at + 4 :]
        else:
            depth = dice.choice((2, 40, 400))
            begin, end = dice.choice(
                ((b"<a>", b"</a>"), (b'{"a":', b"}"), (b"[", b"]"), (b"<div>", b""), (b"<p>", b"</p>"))
            )
            data = data[:at] + begin * depth + data[at:upto] + end * depth + data[upto:]
    return data[:200_000]


def reshape(data: bytes, dice: random.Random) -> bytes:
    """Return XML or JSON that is well formed, with other parts in other places; anything else as it is."""
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            return orjson.dumps(_reshaped(orjson.loads(data), dice, 0))
        except orjson.JSONDecodeError:
            return data
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False)) if b"<" in data[:9] else None
    if root is None:
        return data
    for _ in range(dice.randint(1, 6)):
        nodes = [each for each in root.iter() if isinstance(each.tag, str)]
        node, other = dice.choice(nodes), dice.choice(nodes)
        way = dice.randrange(6)
        if way == 0 and node is not root:
            node.getparent().remove(node)
        elif way == 1 and len(nodes) < 2000:
            other.append(copy.deepcopy(node))
        elif way == 2:
            node.text = dice.choice((None, "", " ", "x" * 5000, "1", "urn:x", "2025-03-05T06:00:00Z", "stat:canceled"))
        elif way == 3 and node.attrib:
            node.set(dice.choice(list(node.attrib)), dice.choice(("", " ", "canceled", "base64", "9" * 40, "Usable")))
        elif way == 4:
            node.tag = other.tag
        else:
            node.tail = dice.choice((None, "tail", "\n\n", "-\n"))
    return etree.tostring(root)


def _reshaped(value: Any, dice: random.Random, depth: int) -> Any:
    if dice.random() < 0.04:
        return dice.choice(
            (None, True, 0, -1, 1.5, 2**60, "", " ", "text/html", "<b>", [], {}, [[]], {"": ""}, value, [value])
        )
    if isinstance(value, dict):
        keys = [*value, "uri", "name"]
        return {
            (dice.choice(keys) if dice.random() < 0.03 else key): _reshaped(each, dice, depth + 1)
            for key, each in value.items()
        }
    return [_reshaped(each, dice, depth + 1) for each in value] if isinstance(value, list) else value


def check(found: list[RawDispatch | Refusal]) -> None:
    """Raise AssertionError where something was lost, or is no text that can be stored."""
    assert found, "nothing came of it"
    for each in found:
        each.model_dump_json(exclude={"data"})
        if isinstance(each, RawDispatch):
            assert each.text_raw or each.status == "killed", "a dispatch without text"
        else:
            assert each.errors, "a refusal without reason"


def read(data: bytes, format: str, tally: Counter[str]) -> None:
    """Read an input both ways."""
    payload = Payload(source="fuzz", uri="in", format=format, data=data, original=sha256(data).hexdigest())
    made = list(parse(payload))
    check(made)
    file = BufferedReader(BytesIO(data), 8192)  # type: ignore[arg-type]
    opened = list(_open(file, "in", Origin("fuzz", "auto", None, 4_000_000), Limits()))
    assert opened or not data.strip(), "no payload and no refusal"
    for each in opened:
        part = [each] if isinstance(each, Refusal) else list(parse(each))
        check(part)
        made += part
    for one in made:
        tally["refused" if isinstance(one, Refusal) else "read"] += 1


def _too_long(signum: int, frame: object) -> None:
    raise TimeoutError(f"longer than {SECONDS} seconds")


def main(count: int, seed: int, folder: Path) -> None:
    """Run a campaign and print its table."""
    dice = random.Random(seed)
    cases = samples()
    tallies: dict[str, Counter[str]] = {format: Counter() for format in FORMATS}
    slowest: dict[str, float] = dict.fromkeys(FORMATS, 0.0)
    signal.signal(signal.SIGPROF, _too_long)
    for number in range(count):
        format, data = dice.choice(cases)
        if dice.random() < 0.1:
            format, data = dice.choice(FORMATS), dice.randbytes(dice.randint(0, 400))
        elif dice.random() < 0.4:
            data = reshape(data, dice)
        else:
            data = mutate(data, cases, dice)
        tally = tallies[format]
        tally["inputs"] += 1
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            read(data, format, tally)
            if time.process_time() - started > SECONDS:  # a reader that minds no exception has seen the alarm
                raise TimeoutError(f"longer than {SECONDS} seconds")
        except Exception as fault:  # noqa: BLE001  # a campaign goes on
            tally["hangs" if isinstance(fault, TimeoutError) else "crashes"] += 1
            folder.mkdir(exist_ok=True)
            name = f"{format}-{seed}-{number}"
            (folder / name).write_bytes(data)
            (folder / f"{name}.txt").write_text(traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        slowest[format] = max(slowest[format], time.process_time() - started)
    columns = ("inputs", "read", "refused", "crashes", "hangs")
    print(f"{'format':<10}" + "".join(f"{name:>9}" for name in columns) + "  slowest")
    for format, tally in tallies.items():
        print(f"{format:<10}" + "".join(f"{tally[name]:>9,}" for name in columns) + f"{slowest[format]:8.2f}s")
    total = sum(tallies.values(), Counter())
    print(f"{'all':<10}" + "".join(f"{total[name]:>9,}" for name in columns))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        int(arguments[0]) if arguments else 1000,
        int(arguments[1]) if len(arguments) > 1 else 0,
        Path(arguments[2] if len(arguments) > 2 else "fuzz-found"),
    )
