"""`python -m salyq.cli` is the same as `salyq`."""

from salyq.cli.start import run

run()
