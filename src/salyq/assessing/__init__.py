"""Figures, duties, findings and the verdict of one year, asked of law; holds no law of its own."""
