-- When a span was known, as two plain columns: under row-level security only comparisons of such are looked up in an
-- index, and a list as known on a day then reads its own rows, not everything that was ever recorded.
create or replace function registry.only_closed() returns trigger language plpgsql as $$
begin
  if not upper_inf(old.recorded) or upper_inf(new.recorded) or lower(new.recorded) is distinct from lower(old.recorded)
     and not isempty(new.recorded)
     or (to_jsonb(new) - 'recorded' - 'known_from' - 'known_to') is distinct from
        (to_jsonb(old) - 'recorded' - 'known_from' - 'known_to') then
    raise exception 'append only: a span may only be closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

alter table registry.span
  add column known_from timestamptz generated always as (lower(recorded)) stored,
  add column known_to timestamptz generated always as (coalesce(upper(recorded), 'infinity'::timestamptz)) stored;
create index span_known on registry.span(register, number, known_from, known_to);
