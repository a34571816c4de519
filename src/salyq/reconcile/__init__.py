"""Many files, one truth: repeats, own transfers, row conservation, open questions."""
