"""Readers of hourly and daily meters."""
