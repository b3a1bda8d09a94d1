"""The language of a dispatch: as the feed says, else as the text tells where it tells for certain."""

import re
from functools import cache
from typing import Protocol

_SURE = 0.8
_LETTERS = 60  # a headline of fewer letters could be in several languages
_LOOKED_AT = 3000  # characters: more do not change the answer
# Small words of English that no other language of news has as often: a text with them needs no guessing.
_SMALL = frozenset(
    ["the", "of", "and", "to", "that", "with", "said", "from", "were", "which", "this", "his", "they", "their", "who"]
)
_SMALL_SHARE = 0.1
_FEWEST_WORDS = 30
_WORD = re.compile(r"[^\W\d_]+")
# What py3langid is asked to tell apart: the languages of news agencies. Of all 97 it knows, short English texts full of
# names come out as Luxembourgish or Latin.
_LANGUAGES = [
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nl", "no", "pl", "ps",
    "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
]  # fmt: skip
_TAG = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_](?P<script>[A-Za-z]{4}))?(?:[-_](?P<region>[A-Za-z]{2}|\d{3}))?"
                  r"(?P<rest>(?:[-_][A-Za-z0-9]{1,8})*)")  # fmt: skip
# ISO 639-2 and names, as feeds write them, where BCP 47 wants two letters.
_NAMES = {
    "ar": "ara arabic",
    "cs": "ces cze czech",
    "zh": "chi zho chinese",
    "da": "dan danish",
    "de": "deu ger german deutsch",
    "nl": "dut nld dutch",
    "en": "eng english",
    "fa": "fas per persian",
    "fi": "fin finnish",
    "fr": "fra fre french français",
    "el": "gre ell greek",
    "he": "heb iw hebrew",
    "hi": "hin hindi",
    "hu": "hun hungarian",
    "id": "ind in indonesian",
    "it": "ita italian italiano",
    "ja": "jpn japanese",
    "ko": "kor korean",
    "no": "nor norwegian",
    "pl": "pol polish",
    "pt": "por portuguese português",
    "ro": "ron rum romanian",
    "ru": "rus russian",
    "es": "spa spanish español",
    "sv": "swe swedish",
    "tr": "tur turkish",
    "uk": "ukr ukrainian",
    "ur": "urd urdu",
    "vi": "vie vietnamese",
}
_OTHER = {name: tag for tag, names in _NAMES.items() for name in names.split()}


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
    if _is_plainly_english(start):
        return "en"
    language, sure = _identifier().classify(start)
    return language if sure >= _SURE else None


def _is_plainly_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    small = sum(word in _SMALL for word in words)
    return len(words) >= _FEWEST_WORDS and small >= _SMALL_SHARE * len(words)


def is_english(language: str | None) -> bool:
    """Tell whether entities and quotes are looked for: in English, and where the language is not known."""
    return language is None or language.partition("-")[0] == "en"


@cache
def _identifier() -> _Identifier:
    # Imported here: its model takes a moment and 90 MB, and most texts do not need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(_LANGUAGES)
    identifier: _Identifier = LanguageIdentifier(  # of these languages alone: the other tables are not kept
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, norm_probs=True,
        tk_row=whole.tk_row,
    )  # fmt: skip
    return identifier
