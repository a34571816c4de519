"""The door for everybody: registers, records, statistics, the check of an extract, sign-in."""
