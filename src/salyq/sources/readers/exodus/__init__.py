"""Exodus."""
