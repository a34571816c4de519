"""The office: where the regime is run. Registers, procedures, filings, ledger and pages on PostgreSQL.

Law is asked, never copied: the office holds facts and decisions, `law/` holds what is allowed, required, due and owed.
It imports the engine; the engine never imports the office. Rooms and invariants: docs/office.md.
"""
