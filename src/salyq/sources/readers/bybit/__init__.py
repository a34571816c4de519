"""Readers of Bybit."""
