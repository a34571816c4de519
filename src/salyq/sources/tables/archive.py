"""Tables inside a ZIP file, as venues hand exports over: read one by one, within limits, and left in it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.sources.tables.files import TABLES

MOST_TABLES = 500  # of one archive
LARGEST = 2 * 10**9  # bytes of all tables of one archive, unpacked
_PROPORTION = 400  # unpacked bytes for one packed; tables of text come to some tens
_SMALL = 10**7  # bytes that are unpacked whatever their proportion
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Member(NamedTuple):
    """A file of an archive: its name in it, and either where it lies for now or why it is not read."""

    name: str
    path: Path | None
    why: Message | None


def members(path: Path) -> Iterator[Member]:
    """Every file of an archive in order of its name. A table lies at `path` until the next one is asked for.

    An archive that cannot be read is one member without a name."""
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
            infos = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
            left, taken = LARGEST, 0
            for info in infos:
                name = PurePosixPath(info.filename.replace("\\", "/"))
                if name.name.startswith((".", "~$")) or "__MACOSX" in name.parts:
                    continue
                shown = "/".join(part for part in name.parts if part not in ("..", "/"))[:300] or "?"
                if name.suffix.lower() not in TABLES:
                    yield Member(shown, None, Message("file_kind_unread"))
                    continue
                why, place = None, Path(folder) / f"table{name.suffix.lower()}"
                if info.flag_bits & 1:
                    why = Message("archive_locked")
                elif taken >= MOST_TABLES:
                    why = Message("archive_too_large")
                else:
                    taken += 1
                    try:
                        left -= _unpack(archive, info, place, left)
                    except _BROKEN:
                        why = Message("archive_broken")
                    except OverflowError:
                        why = Message("archive_too_large")
                yield Member(shown, None if why else place, why)
                place.unlink(missing_ok=True)
    except _BROKEN:
        yield Member("", None, Message("archive_broken"))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, most: int) -> int:
    """Bytes written. OverflowError: they grow beyond the limit or out of proportion (counted, not believed)."""
    written = 0
    with archive.open(info) as source, to.open("wb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most or (written > _SMALL and written > _PROPORTION * max(info.compress_size, 1)):
                raise OverflowError
            target.write(chunk)
    return written
