"""Returns and reports in their official form: an edition is data, lines come from figures and rows (docs/forms.md)."""
