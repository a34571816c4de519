"""The bank's answers as they came, one file a day: asked for once, and there to be looked at later."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.prices.fetch_xml import LARGEST


class KeptAnswers:
    """Files `2025/2025-06-13.xml` below `folder`; the folder comes into being with the first one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, day: date) -> Path:
        """Where the answer for `day` stands, or would stand."""
        return self.folder / f"{day.year:04}" / f"{day.isoformat()}.xml"

    def get(self, day: date) -> bytes | None:
        """The answer, or None where there is none that can be read: then it is asked for anew."""
        try:
            with self.path(day).open("rb") as file:
                return file.read(LARGEST + 1)
        except OSError:
            return None

    def put(self, day: date, raw: bytes) -> None:
        """Keep an answer, whole or not at all. InputError where the folder cannot be written."""
        path = self.path(day)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".salyq-", suffix=".part", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(raw)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InputError(Message("price_store_unwritable", {"reason": reason}), file=str(path)) from error
