"""Languages: as the feed says, else as the text tells."""

import pytest

from flows.normalize import language
from flows.normalize.language import detect, is_english, language_of, normalize_tag

GERMAN = "Die Regierung in Berlin hat am Montag neue Verhandlungen mit den Gewerkschaften abgelehnt, hieß es."
SPANISH = "El Gobierno dijo el martes que no habrá nuevas conversaciones con los sindicatos hasta el mes de abril."
RUSSIAN = "Президент заявил во вторник, что новых переговоров с профсоюзами не будет до апреля следующего года."
ENGLISH = "Moscow on Tuesday rejected new talks unless the West responds to its demands, the foreign ministry said."


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"), ("EN_us", "en-US"), ("eng", "en"), ("English", "en"), ("pt-br", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"), ("sr_Latn_RS", "sr-Latn-RS"), ("es-419", "es-419"), ("Français", "fr"),
        ("ger", "de"), ("und", None),
        ("", None), (None, None), ("x", None), ("123", None), ("see text", None),
    ],
)  # fmt: skip
def test_tags_are_written_as_bcp_47_has_them(tag: str | None, expected: str | None) -> None:
    """Three letters and names become two letters; what is no tag is none."""
    assert normalize_tag(tag) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (SPANISH, "es"),
        (RUSSIAN, "ru"),
        ("Talks go on", None),  # too short to tell
        ("1 2 3 4 5 6 7 8 9", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_text_tells_its_language_if_it_is_long_enough(text: str, language: str | None) -> None:
    """And nothing where it is in doubt."""
    assert detect(text) == language


def test_plain_english_is_told_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its small words; a text in another language that quotes some English goes to the model."""
    asked: list[str] = []

    class Identifier:
        def classify(self, text: str) -> tuple[str, float]:
            asked.append(text)
            return "xx", 1.0

    monkeypatch.setattr(language, "_identifier", Identifier)
    plain = f"{ENGLISH} The talks were to end on Friday, said one of the envoys who spoke to reporters from the hall."
    assert detect(plain) == "en"
    assert not asked
    mixed = f"{GERMAN} {SPANISH} {GERMAN} Das Motto: “The end of the beginning”."
    assert detect(mixed) == "xx"
    assert asked == [mixed]


def test_the_feed_goes_before_the_text() -> None:
    """Unless it says nothing that can be understood."""
    assert language_of("fr-CA", ENGLISH) == "fr-CA"
    assert language_of("??", GERMAN) == "de"
    assert [is_english(tag) for tag in ("en", "en-GB", None, "de", "enm")] == [True, True, True, False, False]
