"""Readers of OKX."""
