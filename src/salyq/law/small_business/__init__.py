"""Law of one subject: params.toml, rules.py, cases.toml, labels.toml."""
