"""Registers as data: entries, a record's state on a day as known at a time, search, extracts, imports, statistics."""
