-- Steps that belong together: several holds, and ends of holds beside moves, in one request, all or none. A hold is
-- named by its request's position and its own number.
drop trigger append_only on ledger.transfer;
drop index ledger.transfer_hold;
do $$
declare
  old text;
begin
  select conname into strict old from pg_constraint
  where conrelid = 'ledger.transfer'::regclass and pg_get_constraintdef(oid) like '%kind = 0%' and pg_get_constraintdef(oid) like '%n = 0%';
  execute format('alter table ledger.transfer drop constraint %I', old);
end $$;
alter table ledger.transfer add column hold_n integer;
update ledger.transfer set hold_n = 0 where hold is not null;
alter table ledger.transfer add check ((hold is null) = (hold_n is null));
create unique index transfer_hold on ledger.transfer (hold, hold_n) where hold is not null;   -- a hold ends at most once
create trigger append_only before update or delete or truncate on ledger.transfer
  for each statement execute function ledger.no_change();

alter table ledger.open_hold add column n integer not null default 0;
alter table ledger.open_hold alter column n drop default;
alter table ledger.open_hold drop constraint open_hold_pkey;
alter table ledger.open_hold add primary key (position, n);

alter table ledger.request add column step integer;   -- of a refused request of several steps: the one that failed

create or replace function ledger.apply_transfers() returns trigger language plpgsql security definer
set search_path = ledger, pg_temp
set random_page_cost = 1.0 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  ends bigint;
  gone bigint;
begin
  if exists (
    select 1 from n left join account d on d.no = n.debit left join account c on c.no = n.credit
    where d.no is null or c.no is null or d.asset <> c.asset
       or (n.amount > 1 and (d.rounding or c.rounding))
       or (n.kind < 3 and (d.closed or c.closed))
  ) then
    raise exception 'accounts that are not there, not of one asset, closed, or for rounding only' using errcode = '23503';
  end if;
  if (select max(position) from n) > (select position from sequencer) then
    raise exception 'a position that the sequencer did not give' using errcode = '23514';
  end if;
  select count(*) filter (where kind >= 2) into ends from n where kind > 0;
  if ends > 0 and exists (
    select 1 from n left join transfer h on h.position = n.hold and h.n = n.hold_n
    where n.kind >= 2 and (h.kind is distinct from 1 or h.debit <> n.debit or h.credit <> n.credit
      or n.released <> h.amount or n.amount > h.amount)
  ) then
    raise exception 'an end that does not fit its hold' using errcode = '23503';
  end if;
  insert into open_hold (position, n, debit, credit, amount, expires)
  select position, n.n, debit, credit, amount, expires from n where kind = 1;
  if ends > 0 then
    delete from open_hold o using n where n.kind >= 2 and o.position = n.hold and o.n = n.hold_n;
    get diagnostics gone = row_count;
    if gone <> ends then
      raise exception 'a hold that had ended' using errcode = '23505';
    end if;
  end if;
  update account a
  set debits_held = a.debits_held + s.dh, debits = a.debits + s.d,
      credits_held = a.credits_held + s.ch, credits = a.credits + s.c
  from (
    select no, sum(dh) dh, sum(d) d, sum(ch) ch, sum(c) c
    from (
      select debit no, case kind when 0 then 0 when 1 then amount else -released end dh,
             case kind when 1 then 0 else amount end d, 0::numeric ch, 0::numeric c from n
      union all
      select credit, 0, 0, case kind when 0 then 0 when 1 then amount else -released end,
             case kind when 1 then 0 else amount end from n
    ) legs group by no
  ) s
  where a.no = s.no;
  return null;
end $$;
