"""Which language to speak: `--lang`, else the locale, else English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LANGUAGES = ("kk", "ru", "en")


def locale_language(environ: Mapping[str, str]) -> str:
    """kk, ru or en from LC_ALL, LC_MESSAGES, LANG (the first that is set decides); C, POSIX and all others: en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name)
        if value:
            tongue = value.replace("-", "_").partition("_")[0].partition(".")[0].partition("@")[0].lower()
            return tongue if tongue in LANGUAGES else "en"
    return "en"


def wanted_language(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language of this call, known before the arguments are parsed, so that help and errors speak it too."""
    found = locale_language(environ)
    for i, arg in enumerate(args):
        if arg == "--":
            break
        value = args[i + 1] if arg == "--lang" and i + 1 < len(args) else arg.partition("--lang=")[2]
        if value in LANGUAGES and (arg == "--lang" or arg.startswith("--lang=")):
            found = value
    return found
