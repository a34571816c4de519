"""Options and the open store that the commands of the office share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
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


def check_there(data: str | None) -> None:
    """UsageError where the folder holds no office, and no SALYQ_DATABASE_URL names one: what asks about an office must
    not make it.
    """
    from salyq.prices.store import data_folder

    folder = (Path(data) if data else data_folder()).absolute()
    if not os.environ.get("SALYQ_DATABASE_URL") and not (folder / "pgdata" / "PG_VERSION").is_file():
        raise UsageError(Message("cli_office_not_there", {"folder": str(folder)}))


@contextlib.contextmanager
def opened_office(folder: str | None, moment: datetime | None, *, there: bool = False) -> Iterator[Store]:
    """The office of a folder, or of SALYQ_DATABASE_URL, under its clock; with `there` it is not made."""
    from salyq.office.store.opening import opened

    if there:
        check_there(folder)
    with opened(None if folder is None else Path(folder), now=moment) as store:
        yield store
