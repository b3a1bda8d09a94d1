"""Reading and compiling gazetteer files."""

from pathlib import Path

import pytest

from flows.errors import ConfigError
from flows.gazetteer import load_gazetteer, read_entries

KYIV = """
- id: place:kyiv
  name: Kyiv
  type: place
  country: UA
  variants: [Kiev]
"""


def folder(path: Path, **files: str) -> Path:
    """Write gazetteer files."""
    for name, content in files.items():
        (path / f"{name}.yml").write_text(content, encoding="utf-8")
    return path


def test_equal_content_has_an_equal_version(tmp_path: Path) -> None:
    """Comments and the order of entries do not change the version; a variant does."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    first = load_gazetteer(folder(tmp_path / "a", places=KYIV))
    second = load_gazetteer(folder(tmp_path / "b", places="# a comment\n" + KYIV))
    third = load_gazetteer(folder(tmp_path / "c", places=KYIV.replace("[Kiev]", "[Kiev, Kiew]")))
    assert first.version == second.version != third.version


def test_a_style_is_part_of_the_version(tmp_path: Path) -> None:
    """The same files under another house style are another gazetteer."""
    path = folder(tmp_path, places=KYIV)
    assert load_gazetteer(path, "ap").version != load_gazetteer(path, "un").version


def test_a_cached_gazetteer_equals_the_parsed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from the cache is what the YAML says, and a damaged cache is made again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = folder(tmp_path, places=KYIV)
    parsed = load_gazetteer(path)
    (cached,) = (tmp_path / "cache").rglob("gazetteer-*")
    assert load_gazetteer(path).entries == parsed.entries
    cached.write_bytes(b"damaged")
    assert load_gazetteer(path).version == parsed.version


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- id: place:kyiv\n  name: Kyiv\n  type: place\n  variant: [Kiev]\n", "places.yml:1: variant"),
        ("- id: kyiv\n  name: Kyiv\n  type: place\n", "places.yml:1: id"),
        (KYIV + KYIV, "places.yml:8: the id place:kyiv stands already in places.yml:2"),
        ("- id: place:kyiv\n  name: Kyiv\n  name: Kiev\n  type: place\n", "places.yml:3: the key 'name' stands twice"),
        ("- id: place:oslo\n  name: Oslo\n  type: place\n  country: NO\n", "country"),  # YAML reads NO as false
        ("- [", "places.yml:"),
        ("id: place:kyiv", "a list of entries is expected"),
        ("- id: place:kyiv\n  name: Kyiv\n  type: place\n  gender: f\n", "only a person has gender"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, content: str, message: str) -> None:
    """An editor's mistake names its place."""
    path = folder(tmp_path, places=content)
    with pytest.raises(ConfigError, match="problem"):
        load_gazetteer(path)
    assert any(message in str(problem) for problem in read_entries(path).problems)


def test_a_missing_folder_is_a_config_error(tmp_path: Path) -> None:
    """The message says which setting to look at."""
    with pytest.raises(ConfigError, match="DISPATCHES_CONFIG"):
        load_gazetteer(tmp_path / "none")
