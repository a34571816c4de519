"""The options that commands share. A wrong value is one line on stderr and exit 2."""

from __future__ import annotations

import re
from datetime import date

import click
from click.shell_completion import CompletionItem

from salyq.civil.errors import UsageError, nearest
from salyq.civil.messages import Message
from salyq.cli.helping import Help
from salyq.cli.language import LANGUAGES

FORMATS = ("text", "json")
MOST_YEARS = 30


def wrong(code: str, column: str, value: str, **params: object) -> UsageError:
    """`--year «abc»: what would be right`."""
    return UsageError(Message(code, params), column=column, value=value)


class Year(click.ParamType[int]):
    name = "year"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        text = str(value)
        if not re.fullmatch(r"[1-9][0-9]{3}", text):
            raise wrong("cli_not_a_year", "--year", text)
        return int(text)


class Years(click.ParamType[tuple[int, ...]]):
    """A year, or several: 2024-2026."""

    name = "years"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        text = str(value)
        found = re.fullmatch(r"([1-9][0-9]{3})(?:[-–]([1-9][0-9]{3}))?", text)
        if found is None:
            raise wrong("cli_not_a_year", "--year", text)
        first, last = int(found[1]), int(found[2] or found[1])
        if not first <= last <= first + MOST_YEARS:
            raise wrong("cli_years_reversed", "--year", text)
        return tuple(range(first, last + 1))


class Day(click.ParamType[date]):
    """An ISO date."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise wrong("cli_not_a_day", param.opts[0] if param else "", text) from None


class Text(click.ParamType[str]):
    """Words that are kept: no database keeps what is empty, endless or no text."""

    name = "text"
    most = 200  # characters

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        text = str(value).strip()
        if not (0 < len(text) <= self.most and text.isprintable()):
            raise wrong("cli_not_a_text", param.opts[0] if param else "", text[:60], most=self.most)
        return text


def text(words: Help, name: str, told: str, metavar: str = "TEXT") -> click.Option:
    """A required text that is kept."""
    return click.Option([f"--{name}"], type=Text(), required=True, metavar=metavar, help=words("option", told))


class OneOf(click.ParamType[str]):
    name = "choice"

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        text = str(value)
        if text not in self.choices:
            told = Message("cli_not_a_choice", {"choices": " | ".join(self.choices)})
            raise UsageError(told, column=param.opts[0] if param else "", value=text, near=nearest(text, self.choices))
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        return [CompletionItem(x) for x in self.choices if x.startswith(incomplete)]


class Setting(click.ParamType[tuple[str, str]]):
    """NAME=VALUE; whether such an election exists and has such a choice is the law's to say."""

    name = "setting"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ARG002
        if isinstance(value, tuple):
            return value
        text = str(value)
        name, equals, choice = text.partition("=")
        if not (equals and name.strip() and choice.strip()):
            raise wrong("cli_not_a_setting", "--set", text)
        return name.strip(), choice.strip()


def inputs(words: Help) -> click.Argument:
    """A case folder, or files; nothing is the folder that one stands in."""

    def here(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
        return value or (".",)

    return click.Argument(
        ["inputs"], nargs=-1, required=False, callback=here, metavar=words("word", "inputs"), shell_complete=files
    )


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """The shell itself completes names of files and folders."""
    return [CompletionItem(incomplete, type="file")]


def figures(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Names of figures of law that begin so, or whose last part does."""
    from salyq.cli.lawbook import law

    names = sorted(name for name, versions in law().rules.items() if any(v.role == "figure" for v in versions))
    begun = [n for n in names if n.startswith(incomplete)]
    return [CompletionItem(n) for n in begun or [n for n in names if f".{incomplete}" in n]]


def years(words: Help, *, required: bool = True) -> click.Option:
    about = words("option", "years" if required else "years_or_last")
    return click.Option(["--year"], type=Years(), required=required, metavar="Y[-Y2]", help=about)


def year(words: Help, *, required: bool = True) -> click.Option:
    about = words("option", "year" if required else "year_of_questions")
    return click.Option(["--year"], type=Year(), required=required, metavar="Y", help=about)


def person(words: Help) -> click.Option:
    return click.Option(["--person"], metavar="FILE", help=words("option", "person"))


def known(words: Help) -> click.Option:
    return click.Option(["--known"], type=Day(), metavar="D", help=words("option", "known"))


def settings(words: Help) -> click.Option:
    return click.Option(
        ["--set", "settings"], type=Setting(), multiple=True, metavar="NAME=VALUE", help=words("option", "set")
    )


def reform(words: Help) -> click.Option:
    return click.Option(["--reform"], metavar="FILE.toml", help=words("option", "reform"))


def everything(words: Help) -> click.Option:
    return click.Option(["--all", "everything"], is_flag=True, help=words("option", "all"))


def no_cache(words: Help) -> click.Option:
    return click.Option(["--no-cache"], is_flag=True, help=words("option", "no_cache"))


def to_file(words: Help) -> click.Option:
    return click.Option(["--to"], metavar="FILE.csv", help=words("option", "to"))


def lang(words: Help) -> click.Option:
    return click.Option(
        ["--lang"], type=OneOf(LANGUAGES), default=words.lang, metavar="kk|ru|en", help=words("option", "lang")
    )


def form(words: Help) -> click.Option:
    return click.Option(
        ["--format", "form"], type=OneOf(FORMATS), default="text", metavar="text|json", help=words("option", "format")
    )
