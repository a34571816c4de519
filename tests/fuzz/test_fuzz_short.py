"""A short run of the fuzzer; `make fuzz` runs it for as long as one likes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from tests.fuzz.checks import check_file, check_mapped
from tests.fuzz.files import a_file, a_mapped_case

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
