-- Whoever clears a row looks first for what was meant under its retrieval number and is not carried out yet.
create index event_meant on pilots.event ((body -> 'row' ->> 'rrn')) where pilot = 'card' and kind = 'clearing';
