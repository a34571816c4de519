"""Electrum."""
