"""Readers of pools' tables."""
