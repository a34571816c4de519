"""Contracts of the special regulation regime: limits that are accounts, notices, reports, the stop and the way out."""
