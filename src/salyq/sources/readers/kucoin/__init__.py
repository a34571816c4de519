"""Readers of KuCoin."""
