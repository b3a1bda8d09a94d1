"""The language of a dispatch: as the feed says, else as the text tells where it tells for certain."""

import re
from functools import cache
from typing import Protocol

_SURE = 0.8
_LETTERS = 60  # a headline of fewer letters could be in several languages
_LOOKED_AT = 3000  # characters: more do not change the answer
# What py3langid is asked to tell apart: the languages of news agencies. Of all 97 it knows, short English texts full of
# names come out as Luxembourgish or Latin.
_LANGUAGES = [
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr",
    "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nl", "no", "pl", "ps", "pt", "ro", "ru", "sk",
    "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
]  # fmt: skip
_TAG = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_](?P<script>[A-Za-z]{4}))?(?:[-_](?P<region>[A-Za-z]{2}|\d{3}))?"
                  r"(?P<rest>(?:[-_][A-Za-z0-9]{1,8})*)")  # fmt: skip
# ISO 639-2 and names, as feeds write them, where BCP 47 wants two letters.
_OTHER = {
    "ara": "ar", "arabic": "ar", "ces": "cs", "cze": "cs", "czech": "cs", "chi": "zh", "zho": "zh", "chinese": "zh",
    "dan": "da", "danish": "da", "deu": "de", "ger": "de", "german": "de", "deutsch": "de", "dut": "nl", "nld": "nl",
    "dutch": "nl", "eng": "en", "english": "en", "fas": "fa", "per": "fa", "persian": "fa", "fin": "fi", "finnish": "fi",
    "fra": "fr", "fre": "fr", "french": "fr", "français": "fr", "gre": "el", "ell": "el", "greek": "el", "heb": "he",
    "iw": "he", "hebrew": "he", "hin": "hi", "hindi": "hi", "hun": "hu", "hungarian": "hu", "ind": "id", "in": "id",
    "indonesian": "id", "ita": "it", "italian": "it", "italiano": "it", "jpn": "ja", "japanese": "ja", "kor": "ko",
    "korean": "ko", "nor": "no", "norwegian": "no", "pol": "pl", "polish": "pl", "por": "pt", "portuguese": "pt",
    "português": "pt", "ron": "ro", "rum": "ro", "romanian": "ro", "rus": "ru", "russian": "ru", "spa": "es",
    "spanish": "es", "español": "es", "swe": "sv", "swedish": "sv", "tur": "tr", "turkish": "tr", "ukr": "uk",
    "ukrainian": "uk", "urd": "ur", "urdu": "ur", "vie": "vi", "vietnamese": "vi",
}  # fmt: skip


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def language_of(said: str | None, text: str) -> str | None:
    """Return the BCP 47 tag of a dispatch; None if neither feed nor text tells it.

    Args:
        said: what the feed says: `en`, `EN_us`, `eng`, `English`.
        text: the whole text.
    """
    return normalize_tag(said) or detect(text)


def normalize_tag(tag: str | None) -> str | None:
    """Return a language tag as BCP 47 writes it, `EN_us` -> `en-US`; None if it is none."""
    plain = (tag or "").strip()
    if plain.lower() in _OTHER:
        return _OTHER[plain.lower()]
    match = _TAG.fullmatch(plain)
    if match is None or plain.lower().startswith(("und", "mul", "zxx")):
        return None
    language = match["language"].lower()
    parts = [_OTHER.get(language, language), (match["script"] or "").title(), (match["region"] or "").upper()]
    parts += re.split("[-_]", match["rest"].lower())
    return "-".join(part for part in parts if part)


def detect(text: str) -> str | None:
    """Return the language of a text; None of a short or doubtful one."""
    start = text[:_LOOKED_AT]
    if sum(char.isalpha() for char in start) < _LETTERS and start.isascii():
        return None
    language, sure = _identifier().classify(start)
    return language if sure >= _SURE else None


def is_english(language: str | None) -> bool:
    """Tell whether entities and quotes are looked for: in English, and where the language is not known."""
    return language is None or language.partition("-")[0] == "en"


@cache
def _identifier() -> _Identifier:
    # Imported here: the model takes a moment, and feeds that say their language do not need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)  # type: ignore[attr-defined]
    return identifier
