create schema cases;
grant usage on schema cases to salyq_web, salyq_work;

-- A case belongs to an account; its person may be the account's own or an organisation that it may speak for.
create table cases.case (
  id uuid primary key,
  owner text not null,                -- the account's name
  subject text not null,              -- IIN or BIN, or empty
  name text not null,
  made_at timestamptz not null
);
create index case_owner on cases.case(owner);
call store.keep('cases.case');

-- What changed: a file came or was put aside, the person's facts or answers were written anew. The last of each counts.
create table cases.change (
  "case" uuid not null references cases.case,
  n integer not null check (n > 0),
  kind text not null check (kind in ('file', 'aside', 'person', 'answers')),
  name text not null default '',
  sha256 text not null default '',
  bytes bigint not null default 0,
  text text not null default '',
  at timestamptz not null,
  primary key ("case", n)
);
call store.keep('cases.change');

grant select, insert on cases.case, cases.change to salyq_web, salyq_work;
alter table cases.case enable row level security;
alter table cases.case force row level security;
alter table cases.change enable row level security;
alter table cases.change force row level security;
create policy work on cases.case to salyq_work using (true) with check (true);
create policy work on cases.change to salyq_work using (true) with check (true);
create policy own on cases.case to salyq_web using (owner = store.me('user')) with check (owner = store.me('user'));
create policy own on cases.change to salyq_web
  using (exists (select from cases.case c where c.id = "case" and c.owner = store.me('user')))
  with check (exists (select from cases.case c where c.id = "case" and c.owner = store.me('user')));
