"""The door of people and firms: permits, applications, filings, cases, the calendar."""
