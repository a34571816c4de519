"""Habits of writing that readers share, each read in one place."""
