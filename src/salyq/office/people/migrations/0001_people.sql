create schema people;
grant usage on schema people to salyq_web, salyq_work;

create table people.organisation (
  bin text primary key check (bin ~ '^[0-9]{12}$'),
  name text not null,
  made_at timestamptz not null
);

create table people.account (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9_.-]{1,60}$'),
  shown text not null,
  role text not null check (role in ('applicant', 'representative', 'officer', 'second_officer', 'head', 'auditor', 'administrator')),
  office text not null default '',
  iin text,
  made_at timestamptz not null,
  closed_at timestamptz
);

-- Who may speak for an organisation, and when: its own people, or somebody to whom they delegated it (an accountant).
create table people.delegation (
  id uuid primary key,
  account uuid not null references people.account,
  organisation text not null references people.organisation,
  capacity text not null check (capacity in ('own', 'delegated')),
  first date not null,
  last date,
  given_by uuid references people.account,
  ended_at timestamptz,
  made_at timestamptz not null
);
create index delegation_account on people.delegation(account);

create table people.password (
  account uuid primary key references people.account,
  hash text not null,
  failures integer not null default 0,
  locked_until timestamptz,
  made_at timestamptz not null
);

create table people.passkey (
  id bytea primary key,
  account uuid not null references people.account,
  public_key bytea not null,
  count bigint not null,
  name text not null,
  made_at timestamptz not null
);

-- Only the hash of a secret is kept.
create table people.link (
  secret bytea primary key,
  account uuid not null references people.account,
  many boolean not null default false,      -- the demonstration's links may be used again
  expires_at timestamptz not null,
  used_at timestamptz
);

create table people.session (
  secret bytea primary key,
  account uuid references people.account,
  csrf text not null,
  challenge bytea,
  second_factor boolean not null default false,
  made_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_account on people.session(account) where ended_at is null;

create table people.api_key (
  secret bytea primary key,
  account uuid not null references people.account,
  organisation text references people.organisation,
  name text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);

grant select, insert on all tables in schema people to salyq_web, salyq_work;
grant update (failures, locked_until, hash, made_at) on people.password to salyq_web, salyq_work;
grant update (count) on people.passkey to salyq_web, salyq_work;
grant update (used_at) on people.link to salyq_web, salyq_work;
grant update (challenge, second_factor, seen_at, ended_at, expires_at) on people.session to salyq_web, salyq_work;
grant update (ended_at) on people.api_key, people.delegation to salyq_web, salyq_work;
grant update (closed_at, role, office, shown) on people.account to salyq_work;
