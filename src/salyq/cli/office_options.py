"""Options and the open store that the commands of the office share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.cli.helping import Help
from salyq.cli.options import wrong

if TYPE_CHECKING:
    from salyq.office.store.store import Store


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with its offset; a bare day is its midnight in Kazakhstan."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ARG002
        from salyq.civil.days import parse_time

        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            moment, zoned = parse_time(text)
        except ValueError:
            moment, zoned = None, False
        if moment is None or not (zoned or len(text.strip()) == len("2026-06-15")):
            raise wrong("ledger_time", param.opts[0] if param else "", text)
        return moment


def data(words: Help) -> click.Option:
    """`--data DIR`: where the office keeps what it has (default: the user's data folder)."""
    return click.Option(["--data"], metavar="DIR", help=words("option", "data"))


def now(words: Help) -> click.Option:
    """`--now TIME`: the office's clock for this command."""
    return click.Option(["--now"], type=Moment(), metavar="TIME", help=words("option", "now"))


def moment(words: Help, name: str, told: str) -> click.Option:
    """A time with its offset, such as `--at`."""
    return click.Option([f"--{name}"], type=Moment(), metavar="TIME", help=words("option", told))


@contextlib.contextmanager
def opened_office(folder: str | None, moment: datetime | None) -> Iterator[Store]:
    """The office of a folder, or of SALYQ_DATABASE_URL, under its clock."""
    from salyq.office.store.opening import opened

    with opened(None if folder is None else Path(folder), now=moment) as store:
        yield store
