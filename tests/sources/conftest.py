"""Files are made up here; nothing in these tests is a real person's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from salyq.records.reading import Reading
from salyq.sources import read_files

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write one file and read it; text is UTF-8 unless bytes are given."""

    def go(content: str | bytes, name: str = "file.csv") -> Reading:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        reading = read_files([path], base=tmp_path)
        assert all(report.balanced() for report in reading.files)
        return reading

    return go


settings.register_profile("readers", deadline=None)  # time is not what these tests are about
settings.load_profile("readers")
