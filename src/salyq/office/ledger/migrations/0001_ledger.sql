-- The ledger. Transfers are only ever inserted; totals of accounts and open holds are kept by the database itself, one
-- set at a time, and every guard of the judge is repeated here.
create schema ledger;

-- One row: the writer's epoch (a writer of an older epoch can write nothing), the last position, the last account
-- number, and the latest recorded time, which never goes back.
create table ledger.sequencer (
  one boolean primary key default true check (one),
  epoch bigint not null default 0,
  position bigint not null default 0,
  account_no bigint not null default 0,
  recorded timestamptz not null default '1970-01-01T00:00:00Z'
);
insert into ledger.sequencer default values;

create table ledger.request (
  id text collate "C" primary key,
  digest bytea not null check (octet_length(digest) = 32),
  result text collate "C" not null,
  position bigint,                -- of an accepted request: its place in the books
  moved numeric,                  -- what a balancing move came to
  recorded timestamptz not null,
  check ((result in ('ok', 'exists')) = (position is not null))
);
create unique index request_position on ledger.request (position) where result = 'ok';

create table ledger.account (
  no bigint primary key,
  id text collate "C" not null unique,
  asset text collate "C" not null,
  code text collate "C" not null,
  limited smallint not null check (limited between 0 and 2),   -- 0 no, 1 debits by credits, 2 credits by debits
  rounding boolean not null,
  position bigint not null,
  recorded timestamptz not null,
  closed boolean not null default false,
  debits_held numeric not null default 0 check (debits_held >= 0),
  debits numeric not null default 0 check (debits >= 0),
  credits_held numeric not null default 0 check (credits_held >= 0),
  credits numeric not null default 0 check (credits >= 0),
  constraint debits_must_not_exceed_credits check (limited <> 1 or debits_held + debits <= credits),
  constraint credits_must_not_exceed_debits check (limited <> 2 or credits_held + credits <= debits)
) with (fillfactor = 60);

-- kind: 0 plain, 1 hold, 2 post, 3 void, 4 expire. The last three release the whole of a hold; a post posts `amount`.
create table ledger.transfer (
  position bigint not null,
  n integer not null,
  kind smallint not null check (kind between 0 and 4),
  debit bigint not null,
  credit bigint not null check (debit <> credit),
  amount numeric not null check (amount >= 0),
  released numeric not null check (released >= 0),
  hold bigint,
  expires timestamptz,
  code text collate "C" not null,
  effective timestamptz not null,
  recorded timestamptz not null,
  primary key (position, n),
  check ((kind = 1) = (expires is not null)),
  check ((kind >= 2) = (hold is not null)),
  check (kind >= 2 or released = 0),
  check (kind < 3 or amount = 0),
  check (kind = 0 or n = 0)
);
create index transfer_debit on ledger.transfer (debit, position);
create index transfer_credit on ledger.transfer (credit, position);
create unique index transfer_hold on ledger.transfer (hold) where hold is not null;   -- a hold ends at most once

-- Holds that have not ended: what the clock asks for.
create table ledger.open_hold (
  position bigint primary key,
  debit bigint not null,
  credit bigint not null,
  amount numeric not null,
  expires timestamptz not null
);
create index open_hold_expires on ledger.open_hold (expires, position);

-- An account closed or opened again.
create table ledger.switch (
  position bigint not null,
  n integer not null,
  account bigint not null references ledger.account,
  closed boolean not null,
  recorded timestamptz not null,
  primary key (position, n)
);

-- What a recount found; a row with differences is an alarm.
create table ledger.recount (
  n bigint generated always as identity primary key,
  at timestamptz not null,
  scope text not null,
  position bigint not null,
  accounts bigint not null,
  differences jsonb not null
);

create function ledger.no_change() returns trigger language plpgsql as $$
begin
  raise exception 'append-only: %', tg_table_name using errcode = '42501';
end $$;

create trigger append_only before update or delete or truncate on ledger.transfer
  for each statement execute function ledger.no_change();
create trigger append_only before update or delete or truncate on ledger.request
  for each statement execute function ledger.no_change();
create trigger append_only before update or delete or truncate on ledger.switch
  for each statement execute function ledger.no_change();
create trigger append_only before update or delete or truncate on ledger.recount
  for each statement execute function ledger.no_change();
create trigger append_only before delete or truncate on ledger.account
  for each statement execute function ledger.no_change();
create trigger append_only before delete or truncate on ledger.sequencer
  for each statement execute function ledger.no_change();

-- What is derived is nobody's to write but the functions below. A condition of a statement trigger costs nothing: the
-- depth is 0 for a statement that somebody sent, and 1 for one of ours.
create function ledger.derived() returns trigger language plpgsql as $$
begin
  raise exception '% is kept by transfers', tg_table_name using errcode = '42501';
end $$;
create trigger derived before update on ledger.account
  for each statement when (pg_trigger_depth() = 0) execute function ledger.derived();
create trigger derived before insert or update or delete on ledger.open_hold
  for each statement when (pg_trigger_depth() = 0) execute function ledger.derived();
create trigger append_only before truncate on ledger.open_hold
  for each statement execute function ledger.no_change();

create function ledger.new_accounts() returns trigger language plpgsql as $$
begin
  if exists (select 1 from n where closed or debits_held + debits + credits_held + credits <> 0) then
    raise exception 'an account begins empty and open' using errcode = '23514';
  end if;
  return null;
end $$;
create trigger new_accounts after insert on ledger.account
  referencing new table as n for each statement execute function ledger.new_accounts();

create function ledger.apply_switches() returns trigger language plpgsql security definer
set search_path = ledger, pg_temp as $$
begin
  update account a set closed = s.closed
  from (select distinct on (account) account, closed from n order by account, position desc, n.n desc) s
  where a.no = s.account;
  return null;
end $$;
create trigger apply after insert on ledger.switch
  referencing new table as n for each statement execute function ledger.apply_switches();

-- The settings hold the plan to one index look-up a transfer: without them the planner, which knows nothing of the
-- new rows, reads all accounts for every batch.
create function ledger.apply_transfers() returns trigger language plpgsql security definer
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
    select 1 from n left join transfer h on h.position = n.hold and h.n = 0
    where n.kind >= 2 and (h.kind is distinct from 1 or h.debit <> n.debit or h.credit <> n.credit
      or n.released <> h.amount or n.amount > h.amount)
  ) then
    raise exception 'an end that does not fit its hold' using errcode = '23503';
  end if;
  insert into open_hold select position, debit, credit, amount, expires from n where kind = 1;
  if ends > 0 then
    delete from open_hold o using n where n.kind >= 2 and o.position = n.hold;
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
create trigger apply after insert on ledger.transfer
  referencing new table as n for each statement execute function ledger.apply_transfers();

-- What each account should hold, from its transfers alone.
create view ledger.folded as
  select no, sum(dh) debits_held, sum(d) debits, sum(ch) credits_held, sum(c) credits
  from (
    select debit no, case kind when 0 then 0 when 1 then amount else -released end dh,
           case kind when 1 then 0 else amount end d, 0::numeric ch, 0::numeric c from ledger.transfer
    union all
    select credit, 0, 0, case kind when 0 then 0 when 1 then amount else -released end,
           case kind when 1 then 0 else amount end from ledger.transfer
  ) legs group by no;

-- The writer may insert and count; readers read. Nobody may update or delete.
grant usage on schema ledger to salyq_ledger, salyq_work;
grant select on all tables in schema ledger to salyq_ledger, salyq_work;
grant insert on ledger.request, ledger.account, ledger.transfer, ledger.switch, ledger.recount to salyq_ledger;
grant insert on ledger.recount to salyq_work;
grant update (epoch, position, account_no, recorded) on ledger.sequencer to salyq_ledger;
