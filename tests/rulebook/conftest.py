"""The units that law declares: tests of the engine write rules in them."""

import salyq.law.units  # noqa: F401
