"""The country's civil facts that every room shares: days, numbers, IIN and BIN, currencies, messages."""
