"""Ledger Live."""
