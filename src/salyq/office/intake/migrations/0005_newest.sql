-- The list of filings begins with the newest.
create index filing_newest on intake.filing(filed_at desc, number desc);
