"""Accounts, organisations, roles and delegation; sign-in, second factor and sessions."""
