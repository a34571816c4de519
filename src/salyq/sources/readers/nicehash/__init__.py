"""Readers of NiceHash."""
