-- A search by IIN or BIN as known at an earlier time reads what was superseded since, too.
drop index registry.span_subject;
create index span_subject on registry.span(subject_id);
