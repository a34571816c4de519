"""One case from records to figures; holds no law of its own."""
