"""Many persons at once: tables of records and persons in, figures, findings and obligations out (docs/population.md).

Files are larger than memory: rows are first spilled by person, then each part is worked on alone and written whole or
not at all. A run that was stopped goes on from its finished parts.
"""
