"""The door of the offices: queues, decisions with two persons, acts of the office, filings, registers."""
