"""Readers of Kraken."""
