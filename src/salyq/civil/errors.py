"""Errors that a person can mend: one line with file, line, column, value and what would be right."""

from __future__ import annotations

from collections.abc import Iterable

from salyq.civil.messages import Message


class SalyqError(Exception):
    """Base of every error Salyq raises on purpose. `exit_code` is what the command line ends with (interfaces §4).

    `near`: what was probably meant, as `nearest` finds it; the text proposes it."""

    exit_code = 4

    def __init__(
        self,
        message: Message,
        *,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        near: str = "",
    ) -> None:
        super().__init__(message.code)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.value = value
        self.near = near

    def text(self, lang: str = "en") -> str:
        """One line: `file:line: column «value»: what is wrong and what would be right`."""
        told = Message("did_you_mean", {"told": self.message, "near": self.near}) if self.near else self.message
        return place(self.file, self.line, self.column, self.value) + told.text(lang)

    def shown(self, lang: str) -> str:
        """The same for a reader: days and amounts as the language writes them."""
        told = Message("did_you_mean", {"told": self.message, "near": self.near}) if self.near else self.message
        return place(self.file, self.line, self.column, self.value) + told.shown(lang)

    def __str__(self) -> str:
        return self.text("en")

    def __reduce__(self) -> tuple[object, ...]:
        """As it is from one process to another."""
        return _again, (type(self), self.message, (self.file, self.line, self.column, self.value), self.near)


def _again(
    kind: type[SalyqError],
    message: Message,
    where: tuple[str | None, int | None, str | None, str | None],
    near: str,
) -> SalyqError:
    file, line, column, value = where
    return kind(message, file=file, line=line, column=column, value=value, near=near)


def nearest(text: str, names: Iterable[str]) -> str:
    """The name that was probably meant, or the last part of one; empty where none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    parts = dict.fromkeys(part for name in names for part in (name, name.rpartition(".")[2]))
    return next(iter(get_close_matches(text.lower(), parts, n=1)), "")


class InputError(SalyqError):
    """An input that cannot be used (exit 4): nothing is written."""


class UsageError(SalyqError):
    """A wrong option, or a year with no law (exit 2)."""

    exit_code = 2


def place(file: str | None, line: int | None, column: str | None, value: str | None) -> str:
    """`file:line: column «value»: `, leaving out what is not known; control characters never reach a terminal."""
    where = f"{file}:{line}" if file and line else (file or "")
    parts = [where] if where else []
    what = " ".join(p for p in (column or "", f"«{value[:80]}»" if value is not None else "") if p)
    if what:
        parts.append(what)
    line_text = ": ".join(parts)
    clean = "".join(c if c.isprintable() else "�" for c in line_text)
    return clean + ": " if clean else ""
