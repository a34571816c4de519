"""Readers of Coinbase."""
