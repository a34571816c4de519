"""A short run of the fuzzer; `make fuzz` runs it for as long as one likes."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.fuzz.checks import Hang, check_file, check_mapped, checked, no_hang, one_line
from tests.fuzz.files import a_file, a_mapped_case, sample_grids

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.model import Record
from salyq.records.reading import FileReport, Reading
from salyq.records.table import Records
from salyq.sources.registry import formats

SHORT = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SHORT
@given(made=a_file())
def test_any_file_is_read_or_refused(tmp_path: Path, made: tuple[str, bytes]) -> None:
    check_file(tmp_path, *made)


@SHORT
@given(made=a_mapped_case())
def test_any_mapping_is_used_or_refused(tmp_path: Path, made: tuple[bytes, str, bytes]) -> None:
    check_mapped(tmp_path, *made)


# --- each check must be able to fail ---------------------------------------------------------------------------------


def test_a_hang_is_seen() -> None:
    with pytest.raises(Hang), no_hang(1):
        time.sleep(5)


def test_a_row_lost_is_seen() -> None:
    with pytest.raises(AssertionError, match="add up"):
        checked(Reading(files=[FileReport("x.csv", "records", "", read=2, used=1)]))


def test_a_record_of_nothing_is_seen() -> None:
    record = Record(datetime(2025, 3, 1, tzinfo=UTC), date(2025, 3, 1), "gift_in", "BTC", 0)
    with pytest.raises(AssertionError):
        checked(Reading(records=Records([record])))


def test_an_error_of_two_lines_is_seen() -> None:
    with pytest.raises(AssertionError, match="clean line"):
        one_line(InputError(Message("file_unreadable", {"why": "a\nb"}), file="x.csv"))


def test_the_fuzzer_has_samples_to_vary() -> None:
    assert len(sample_grids()) > 20
    assert len(formats()) > 30
