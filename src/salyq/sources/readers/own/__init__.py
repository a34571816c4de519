"""Readers of our own formats."""
