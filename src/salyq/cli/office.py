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
from salyq.cli import office_options, options
from salyq.cli.helping import Help
from salyq.cli.office_options import Moment

if TYPE_CHECKING:
    from salyq.office.store.store import Store

__all__ = ["DIFFERS", "Moment", "data_folder", "office", "shared"]
DIFFERS = 3  # a verification that found a difference, an extract that is not good


def shared(words: Help) -> list[click.Parameter]:
    """`--data`, `--now`, `--lang`."""
    return [
        office_options.data(words),
        office_options.now(words),
        options.lang(words),
    ]


def data_folder(data: str | None) -> Path:
    from salyq.prices.store import data_folder as usual

    return (Path(data) if data else usual()).absolute()


@contextmanager
def office(data: str | None, now: datetime | None, *, there: bool = False, **more: object) -> Iterator[Store]:
    """The open office of a folder. UsageError where the packages of the extra `serve` are not installed, and, with
    `there`, where the folder holds no office: what asks about one must not make it.
    """
    try:
        from salyq.office.store.opening import opened
    except ModuleNotFoundError as error:
        raise UsageError(Message("cli_office_extra", {"package": error.name})) from error
    if there:
        office_options.check_there(data)
    with opened(data_folder(data), now=now, **more) as store:  # type: ignore[arg-type]
        yield store
