"""Where the user's data lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "prices.sqlite"  # of the price store, in the data folder


def data_folder(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Where Salyq keeps a person's data: $SALYQ_DATA, else the platform's own folder (XDG on Linux) with `salyq`."""
    env = os.environ if environ is None else environ
    if env.get("SALYQ_DATA"):
        return Path(env["SALYQ_DATA"])
    if platform == "win32" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "salyq"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "salyq"
    shared = Path(env.get("XDG_DATA_HOME", ""))
    # The XDG rules say to pass over a relative path.
    return (shared if shared.is_absolute() else Path.home() / ".local" / "share") / "salyq"
