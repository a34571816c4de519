"""Property tests here say nothing about time: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("civil", deadline=None)
settings.load_profile("civil")
