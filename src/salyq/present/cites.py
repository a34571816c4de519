"""Cites as people write them (civil/citing.py), for the rooms that show results."""

from __future__ import annotations

from salyq.civil.citing import act_text, cite_text, cites_text

__all__ = ["act_text", "cite_text", "cites_text"]
