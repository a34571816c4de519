-- Contracts are never changed or deleted, so an event need not lock the row of its own: a set of events looks once
-- whether all their contracts are there. A lock a row on the one contract of a programme was a tenth of what an
-- authorisation costs the database.
alter table pilots.event drop constraint event_contract_fkey;

create function pilots.known_contracts() returns trigger language plpgsql security definer
set search_path = pilots, pg_temp as $$
declare
  missing text;
begin
  select n.contract into missing from (select distinct contract from n where contract is not null) n
  where not exists (select from contract c where c.id = n.contract) limit 1;
  if found then
    raise exception 'an event of a contract that is not there: %', missing using errcode = '23503';
  end if;
  return null;
end $$;
create trigger known_contracts after insert on pilots.event
  referencing new table as n for each statement execute function pilots.known_contracts();
