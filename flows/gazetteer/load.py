"""Reading and compiling `config/gazetteer/*.yml`, with the file and line of whatever is wrong.

Parsing and compiling some 8,000 entries takes seconds, loading the compiled result 0.2 s, so it is kept in the user's
cache folder, keyed by the content of the files, the style and the code. The cache may be deleted at any time, and a
read-only home merely makes start-up slower.
"""

import gc
import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pydantic
import yaml
from pydantic import ValidationError

import schemas.base
import schemas.dispatch
import schemas.gazetteer
from flows.errors import ConfigError
from flows.gazetteer.compiled import REWRITTEN, Form, Gazetteer, Matcher
from flows.gazetteer.forms import entry_forms
from schemas.gazetteer import Contexts, Entry, Style

CONTEXTS = "contexts.yml"


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file of the gazetteer."""

    file: str
    line: int
    message: str
    severity: str = "error"  # or "warning"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Sources:
    """The entries as written, where each one stands, and what could not be read."""

    entries: list[Entry]
    lines: dict[str, tuple[str, int]]  # entry id -> file name and line
    contexts: Contexts
    problems: list[Problem]
    texts: dict[str, list[str]]  # file name -> its lines, to point at a spelling

    def line_of(self, entry_id: str, spelling: str = "") -> tuple[str, int]:
        """Return file and line of a spelling in an entry; of the entry where it does not stand literally."""
        file, first = self.lines[entry_id]
        word = re.compile(rf"(?<!\w){re.escape(spelling)}(?!\w)")
        for number, text in enumerate(self.texts[file][first - 1 :], first):
            if number > first and text.startswith("- "):
                break
            if spelling and word.search(text):
                return file, number
        return file, first


def load_gazetteer(folder: Path, style: Style = "ap") -> Gazetteer:
    """Return the compiled gazetteer of a folder.

    Raises:
        ConfigError: a file cannot be read; the message lists the first problems with file and line.
    """
    cache = _cache_file(_files(folder), style)
    if (cached := _cached(cache)) is not None:
        return cached
    sources = read_entries(folder)
    if sources.problems:
        shown = "\n".join(f"  {problem}" for problem in sources.problems[:10])
        raise ConfigError(f"in {folder}, problems: {len(sources.problems)}\n{shown}")
    gazetteer = compile_entries(sources.entries, sources.contexts, style)
    _write_atomically(cache, pickle.dumps(gazetteer, protocol=pickle.HIGHEST_PROTOCOL))
    return gazetteer


def read_entries(folder: Path) -> Sources:
    """Read every file of the gazetteer, collecting problems instead of stopping at the first."""
    entries: list[Entry] = []
    lines: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    texts: dict[str, list[str]] = {}
    contexts = Contexts()
    for path, content in _files(folder).items():
        texts[path] = content.decode(errors="replace").split("\n")
        try:
            node = yaml.compose(content, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problems.append(
                Problem(path, mark.line + 1 if mark else 1, f"not YAML: {getattr(error, 'problem', error)}")
            )
            continue
        if node is None:
            continue
        problems += [Problem(path, line, f"the key {key!r} stands twice") for key, line in _repeated_keys(node)]
        if path == CONTEXTS:
            try:
                contexts = Contexts.model_validate(_value(node))
            except ValidationError as error:
                problems += _invalid(path, 1, error)
            continue
        if not isinstance(node, yaml.SequenceNode):
            problems.append(Problem(path, 1, "a list of entries is expected (each begins with `- id:`)"))
            continue
        for item in node.value:
            line = item.start_mark.line + 1
            try:
                entry = Entry.model_validate(_value(item))
            except ValidationError as error:
                problems += _invalid(path, line, error)
                continue
            if entry.id in lines:
                file, earlier = lines[entry.id]
                problems.append(Problem(path, line, f"the id {entry.id} stands already in {file}:{earlier}"))
                continue
            entries.append(entry)
            lines[entry.id] = (path, line)
    return Sources(entries, lines, contexts, problems, texts)


def compile_entries(entries: list[Entry], contexts: Contexts, style: Style = "ap") -> Gazetteer:
    """Compile entries and contexts to automata. The version is a hash of what can change a result."""
    _share_field_sets(entries)
    forms = [form for entry in entries for form in entry_forms(entry, style)]
    changing = [form for form in forms if form.kind == "keep" or (form.kind in REWRITTEN and form.target)]
    inner = Matcher(changing)
    # A longer name protects the variant inside it: the alias "Bombay Stock Exchange" keeps Bombay.
    protecting = [form for form in forms if not form.target and form.kind != "keep" and _contains(inner, form)]
    return Gazetteer(
        version=hashlib.sha256(content(style, contexts, entries)).hexdigest()[:16],
        style=style,
        entries={entry.id: entry for entry in entries},
        contexts=contexts,
        rewritable=Matcher(changing + protecting),
        known=Matcher(forms),
        countries={e.country: e for kind in ("territory", "country") for e in entries if e.kind == kind and e.country},
    )


def content(style: Style, contexts: Contexts, entries: Iterable[Entry]) -> bytes:
    """Return all that can change a result, as JSON. Its SHA-256 begins with the version of the gazetteer."""
    listed = sorted((entry.model_dump(mode="json") for entry in entries), key=lambda entry: entry["id"])
    return orjson.dumps([style, contexts.model_dump(), listed], option=orjson.OPT_SORT_KEYS)


def _share_field_sets(entries: Iterable[Entry]) -> None:
    """Let entries of which the same fields were written share the set of their names: 6 MB less for 8,600 entries."""
    shared: dict[frozenset[str], set[str]] = {}
    for entry in entries:
        fields = shared.setdefault(frozenset(entry.model_fields_set), entry.model_fields_set)
        object.__setattr__(entry, "__pydantic_fields_set__", fields)  # entries are frozen: nothing is ever added


def _contains(inner: Matcher, form: Form) -> bool:
    hits = inner.hits(form.text)
    return any(hit.end - hit.start < len(form.text) for hit in hits)


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise ConfigError(f"no gazetteer: {folder} is not a folder; set DISPATCHES_CONFIG to the config folder")
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yml"))}


def _cached(path: Path) -> Gazetteer | None:
    """Return the compiled gazetteer in the cache, or None when there is none that can be used."""
    gc.disable()  # a third of the time otherwise: it walks the many small objects again and again
    try:
        if path.stat().st_uid != os.geteuid():  # somebody else's file is not unpickled
            return None
        found = pickle.loads(path.read_bytes())  # noqa: S301 - our own file, in our own folder
        return found if isinstance(found, Gazetteer) else None
    except Exception:  # noqa: BLE001 - absent, damaged, of another version: it is made again from the YAML
        return None
    finally:
        gc.enable()


def _cache_file(files: dict[str, bytes], style: Style) -> Path:
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    shapes = [
        Path(module.__file__ or "").read_bytes() for module in (schemas.base, schemas.dispatch, schemas.gazetteer)
    ]
    digest = hashlib.sha256(f"{sys.version}\0{pydantic.VERSION}\0{style}".encode())
    for content in (*code, *shapes):
        digest.update(hashlib.sha256(content).digest())
    for name, content in files.items():
        digest.update(name.encode() + hashlib.sha256(content).digest())
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "dispatches" / f"gazetteer-{digest.hexdigest()[:32]}.pickle"


def _write_atomically(path: Path, content: bytes) -> None:
    with suppress(OSError):  # no writable cache: the next start parses the YAML again
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)


def _value(node: yaml.Node) -> Any:
    return yaml.constructor.SafeConstructor().construct_document(node)


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _invalid(path: str, line: int, error: ValidationError) -> list[Problem]:
    return [
        Problem(path, line, f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']} (found {str(e['input'])[:80]!r})")
        for e in error.errors()
    ]
