"""All readers that there are: every `Format` at the top of a module in readers/, and those of other packages.

A case needs a few of them. So what they declare is kept beside what law and words say (civil/compiled.py), and
`outlines` loads a reader's own module when a table is its.

Another package names a module, a Format or several Formats under the entry point group `salyq.sources` (or
`salyq.readers`), and its tables are read as ours are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from salyq.civil.compiled import found_once
from salyq.civil.errors import InputError
from salyq.civil.installed import may_have_entry_points, of_program
from salyq.civil.messages import Message
from salyq.sources import readers
from salyq.sources.format import Format
from salyq.sources.outlines import outline, told

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

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


@cache
def outlines() -> tuple[Format, ...]:
    """`formats`, where a reader of ours is loaded only once it is wanted (`Format.whole`). What they declare is kept
    until a file of the readers changes. Readers of other packages are always loaded, and then all are."""
    name = "" if other_readers() else of_program("readers")
    if not name:
        return formats()
    kept = found_once(name, lambda: {"forms": [told(form, module) for module, form in _shipped_by_module()]})
    return tuple(sorted((outline(one, _load) for one in kept["forms"]), key=_asked))


def _load(module: str, name: str) -> Format:
    return next(form for form in _formats_of(import_module(module)) if form.name == name)


def _asked(form: Format) -> tuple[bool, int, str]:
    return (not form.own, -sum(column.required for column in form.columns), form.name)


def _shipped() -> Iterator[Format]:
    for _, form in _shipped_by_module():
        yield form


def _shipped_by_module() -> Iterator[tuple[str, Format]]:
    import pkgutil

    for module in pkgutil.walk_packages(readers.__path__, f"{readers.__name__}."):
        for form in _formats_of(import_module(module.name)):
            yield module.name, form


def _formats_of(module: ModuleType) -> Iterator[Format]:
    """Formats that the module declares itself."""
    yield from {id(form): form for form in vars(module).values() if isinstance(form, Format)}.values()


def other_readers() -> bool:
    """Whether another package brings readers."""
    return bool(_points())


@cache
def _points() -> list[EntryPoint]:
    if not may_have_entry_points(GROUPS):
        return []
    from importlib.metadata import entry_points

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
