"""Kazakh and Russian names as one key, however they are written: Қайрат, Кайрат, Kairat, Qayrat.

The key is a coarse Latin skeleton: letters that the alphabets write differently for one sound fall together. It is for
finding, never for telling two people apart. Legal forms and quotation marks leave it; a patronymic is only taken from
what is searched, because a record may lack it.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = {
    **dict(zip("абвгдезиклмнопрстуф", "abvgdezyklmnoprstuf", strict=True)),
    "ә": "a",
    "ғ": "g",
    "қ": "k",
    "ң": "n",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
    "і": "y",
    "ё": "e",
    "ж": "j",
    "й": "y",
    "х": "h",
    "ц": "s",
    "ч": "s",
    "ш": "s",
    "щ": "s",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "є": "e",
    "ї": "y",
    "ў": "u",
}
# Latin spellings of one sound, the longest first: of the 2021 alphabet, of passports, of English.
_LATIN = [
    ("shch", "s"),
    ("tsch", "s"),
    *(("zh", "j"), ("kh", "h"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("ts", "s"), ("dj", "j"), ("ng", "n")),
    *(("ye", "e"), ("yo", "e"), ("ia", "ya"), ("iu", "yu"), ("ja", "ya"), ("ju", "yu")),
    *(("q", "k"), ("w", "v"), ("x", "ks"), ("i", "y"), ("c", "k")),
]
_FORMS = {
    *("тоо", "жшс", "ао", "ақ", "ип", "жк", "llp", "llc", "ltd", "jsc", "too", "jss", "zhshs", "ooo", "gmbh", "inc"),
    *("limited", "товарищество", "серіктестігі", "компаниясы", "компания", "company", "корпорация", "co"),
    *("филиал", "филиалы", "plc", "corporation", "чк", "жк", "pc"),
}
_PATRONYMIC = re.compile(r".{2,}(ovys|evys|ovna|evna|ysna|ulu|uly|kyzy|kyz|ogly)$")
_SOFT_C = re.compile(r"c(?=[eiy])")
_WORD = re.compile(r"[^\W_]+")


def key(text: str) -> str:
    """What is stored and searched: words of the skeleton in their order, with blanks between."""
    return " ".join(_skeleton(w) for w in _tokens(text) if _skeleton(w))


def sought(text: str) -> list[str]:
    """The words of a search as keys, without a patronymic where two other words remain."""
    words = [w for w in key(text).split() if w]
    kept = [w for w in words if not _PATRONYMIC.fullmatch(w)]
    return kept if len(kept) >= 2 else words


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = re.sub("[ʻʼ’'`]", "", plain)
    found = [str(w) for w in _WORD.findall(bare)]
    return [w for w in found if w not in _FORMS] or found


def _skeleton(word: str) -> str:
    cyrillic = any("Ѐ" <= c <= "ӿ" for c in word)
    if cyrillic:
        text = "".join(_CYRILLIC.get(c, c) for c in word)
        text = text.replace("yya", "ya").replace("yyu", "yu")
    else:
        bare = unicodedata.normalize("NFD", word.replace("ı", "y"))
        text = "".join(c for c in bare if not unicodedata.combining(c))
        text = _SOFT_C.sub("s", text)
        for written, sound in _LATIN:
            text = text.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", text)
