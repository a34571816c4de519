"""What we promise to be fast at, measured: `make bench`, or `python -m benchmarks --help`."""
