"""Readers of Bitvavo."""
