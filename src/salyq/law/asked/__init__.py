"""What law says of an act: acts that can be asked of, their facts, and the answer (`salyq ask`)."""
