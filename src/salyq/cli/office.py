"""What the commands of the office share: its options, and the way to an open office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Help

if TYPE_CHECKING:
    from salyq.office.store.store import Store

DIFFERS = 3  # a verification that found a difference, an extract that is not good


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time; without an offset it is Kazakhstan's."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ARG002
        from salyq.civil.days import parse_time

        if isinstance(value, datetime):
            return value
        try:
            return parse_time(str(value))[0]
        except ValueError:
            raise options.wrong("cli_not_a_time", param.opts[0] if param else "", str(value)) from None


def shared(words: Help) -> list[click.Parameter]:
    """`--data`, `--now`, `--lang`."""
    return [
        click.Option(["--data"], metavar="DIR", help=words("option", "data")),
        click.Option(["--now"], type=Moment(), metavar="TIME", help=words("option", "now")),
        options.lang(words),
    ]


def data_folder(data: str | None) -> Path:
    from salyq.prices.store import data_folder as usual

    return (Path(data) if data else usual()).absolute()


@contextmanager
def office(data: str | None, now: datetime | None, **more: object) -> Iterator[Store]:
    """The open office of a folder. UsageError where the packages of the extra `serve` are not installed."""
    try:
        from salyq.office.store.opening import opened
    except ModuleNotFoundError as error:
        raise UsageError(Message("cli_office_extra", {"package": error.name})) from error
    with opened(data_folder(data), now=now, **more) as store:  # type: ignore[arg-type]
        yield store
