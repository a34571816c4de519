"""All readers that there are: every `Format` at the top of a module in readers/, and those of other packages.

Another package names a module, a Format or several Formats under the entry point group `salyq.sources` (or
`salyq.readers`), and its tables are read as ours are.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources import readers
from salyq.sources.format import Format

GROUPS = ("salyq.sources", "salyq.readers")


@cache
def formats() -> tuple[Format, ...]:
    """Every reader, in the order in which they are asked: our own formats, then the more columns one needs.

    InputError: a reader of another package that cannot be loaded, or takes a name that is given."""
    found: dict[str, Format] = {form.name: form for form in _shipped()}
    for point in _points():
        for form in _plugged(point):
            if form.name in found:
                raise InputError(Message("plugin_name_taken", {"reader": form.name}), file=point.value)
            found[form.name] = form
    return tuple(sorted(found.values(), key=_asked))


def _asked(form: Format) -> tuple[bool, int, str]:
    return (not form.own, -sum(column.required for column in form.columns), form.name)


def _shipped() -> Iterator[Format]:
    for module in pkgutil.walk_packages(readers.__path__, f"{readers.__name__}."):
        yield from _formats_of(import_module(module.name))


def _formats_of(module: ModuleType) -> Iterator[Format]:
    """Formats that the module declares itself."""
    yield from {id(form): form for form in vars(module).values() if isinstance(form, Format)}.values()


def other_readers() -> bool:
    """Whether another package brings readers."""
    return bool(_points())


@cache
def _points() -> list[EntryPoint]:
    found = {point.value: point for group in GROUPS for point in entry_points(group=group)}
    return [found[value] for value in sorted(found)]


def _plugged(point: EntryPoint) -> Iterable[Format]:
    try:
        what = point.load()
    except Exception as error:  # whatever another package does wrong is told, not thrown
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(Message("plugin_not_loaded", {"why": why}), file=point.value) from error
    if isinstance(what, ModuleType):
        what = list(_formats_of(what))
    given = [what] if isinstance(what, Format) else list(what) if isinstance(what, Iterable) else []
    if not given or not all(isinstance(form, Format) for form in given):
        raise InputError(Message("plugin_no_format", {}), file=point.value)
    return given
