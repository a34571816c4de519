-- What every room stands on. Its roles are the cluster's: make_roles (migrate.py) has made them.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create schema store;
grant usage on schema store to salyq_web, salyq_work, salyq_ledger;

-- E1: what was written stays. The second line of defence after missing grants: it also holds the owner.
create function store.append_only() returns trigger language plpgsql as $$
begin
  raise exception 'append only: % of %', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create procedure store.keep(what regclass) language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete or truncate on %s
                  for each statement execute function store.append_only()', what);
end $$;

-- Who asks: set for one transaction by the store (Access). Empty means nobody.
create function store.me(what text) returns text language sql stable parallel safe
  return nullif(current_setting('salyq.' || what, true), '');
create function store.mine() returns text[] language sql stable parallel safe
  return coalesce(string_to_array(nullif(current_setting('salyq.organisations', true), ''), ','), '{}');
-- An official may work for several offices: a list with commas.
create function store.offices() returns text[] language sql stable parallel safe
  return coalesce(string_to_array(nullif(current_setting('salyq.office', true), ''), ','), '{}');

-- One row: how many entries there are and when the last was recorded. Its lock puts the writers in order.
create table store.head (
  only_one boolean primary key default true check (only_one),
  size bigint not null,
  last_at timestamptz not null
);
insert into store.head(size, last_at) values (0, '1970-01-01T00:00:00Z');

-- Every act of the house, in order. `body` is what is hashed (canonical JSON); `doc` cannot differ from it.
create table store.entry (
  position bigint primary key check (position >= 0),
  kind text not null,                 -- 'register', 'application', 'decision', 'filing', 'look' …
  stream text not null,               -- what it belongs to: 'miners/KZ-2023-0001', 'application/…'
  public boolean not null,
  office text,                        -- the office that may see it
  organisation text,                  -- the organisation (BIN) that may see it
  recorded_at timestamptz not null,
  body text not null,
  doc jsonb not null generated always as (body::jsonb) stored,
  leaf bytea not null,
  check (leaf = sha256('\x00'::bytea || convert_to(body, 'UTF8')))
);
create index entry_stream on store.entry(stream, position);
create index entry_kind on store.entry(kind, position);
call store.keep('store.entry');

-- The values of restricted fields: the entry itself holds only their salted hashes.
create table store.sealed (
  position bigint not null references store.entry,
  name text not null,
  salt text not null,
  value jsonb not null,
  office text,
  organisation text,
  primary key (position, name)
);
call store.keep('store.sealed');

-- The Merkle tree (RFC 6962): whole subtrees, written once.
create table store.node (
  level smallint not null,
  n bigint not null,
  hash bytea not null,
  primary key (level, n)
);
call store.keep('store.node');

create table store.checkpoint (
  size bigint primary key,
  root bytea not null,
  note text not null,
  made_at timestamptz not null
);
call store.keep('store.checkpoint');

-- A job: its effect and the mark `done` are one transaction.
create table store.job (
  id bigint generated always as identity primary key,
  kind text not null,
  args jsonb not null default '{}',
  key text unique,
  due_at timestamptz not null,
  tries integer not null default 0,
  done_at timestamptz,
  failed text
);
create index job_due on store.job(due_at, id) where done_at is null and failed is null;

create table store.clock (
  only_one boolean primary key default true check (only_one),
  now timestamptz not null
);

-- What is true of this database as a whole: made up or not, from which seed.
create table store.fact (
  name text primary key,
  value jsonb not null
);
call store.keep('store.fact');

-- The answer to a request that may come twice: same key and content, same answer (Idempotency-Key).
create table store.answer (
  who text not null,
  key text not null,
  digest text not null,
  status integer not null,
  body text not null,
  at timestamptz not null,
  primary key (who, key)
);
call store.keep('store.answer');

grant select on store.head, store.entry, store.sealed, store.node, store.checkpoint, store.job, store.clock, store.fact, store.answer
  to salyq_web, salyq_work;
grant insert on store.entry, store.sealed, store.node, store.checkpoint, store.answer, store.job to salyq_web, salyq_work;
grant update(size, last_at) on store.head to salyq_web, salyq_work;
grant update(tries, done_at, failed, due_at) on store.job to salyq_work;
grant insert on store.fact, store.clock to salyq_work;
grant update on store.clock to salyq_work;
grant select on store.head, store.node, store.checkpoint, store.clock, store.fact to salyq_ledger;
grant select, insert on store.job to salyq_ledger;

-- E5: who may not see a row does not get it.
alter table store.entry enable row level security;
alter table store.entry force row level security;
create policy added on store.entry for insert to salyq_web, salyq_work with check (true);
create policy seen_by_work on store.entry for select to salyq_work using (true);
create policy seen on store.entry for select to salyq_web using (
  public or office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');

alter table store.sealed enable row level security;
alter table store.sealed force row level security;
create policy added on store.sealed for insert to salyq_web, salyq_work with check (true);
create policy seen_by_work on store.sealed for select to salyq_work using (true);
create policy seen on store.sealed for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');

alter table store.answer enable row level security;
alter table store.answer force row level security;
create policy own on store.answer to salyq_web using (who = store.me('user')) with check (who = store.me('user'));
create policy work on store.answer to salyq_work using (true) with check (true);
