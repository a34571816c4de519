"""`python -m salyq.cli` is the same as `salyq`."""

from salyq.cli.main import run

run()
