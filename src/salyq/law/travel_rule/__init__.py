"""Law of one subject: params.toml, provisions.toml, rules.py, labels.toml."""
