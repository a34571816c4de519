"""Readers of Trezor."""
