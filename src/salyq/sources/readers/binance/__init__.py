"""Readers of Binance."""
