"""One module a command; each imports the rooms it needs when it runs."""
