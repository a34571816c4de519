"""Quotes and rates, each with its source and day; nothing here goes to the network while assessing."""
