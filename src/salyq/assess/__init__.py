"""One case from records to figures; holds no law of its own.

The room is also the library's verb: `salyq.assess(case, year=2026)` works whether or not the room was imported, because
a package's attribute of that name is this module and the module can be called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A module that is called like its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from salyq.assess.api import assess

        return assess(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
