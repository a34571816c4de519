"""What happened: the neutral record and its table of kinds, persons, meter readings, payouts, expenses, payments."""
