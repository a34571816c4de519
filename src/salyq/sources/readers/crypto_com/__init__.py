"""Readers of the Crypto.com App."""
