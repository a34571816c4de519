-- A refund asks what was paid under its retrieval number, and what of it the issuer covered.
create index event_cleared on pilots.event ((body ->> 'rrn')) where pilot = 'card' and kind = 'clearing_done';
