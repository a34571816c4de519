-- What happens in the pilots. Everything is inserted once; states are folds.
create schema pilots;

-- A contract of the special regulation regime, or a licence, under which a pilot runs.
create table pilots.contract (
  id text collate "C" primary key,           -- number in the register of participants
  pilot text not null,                       -- card, corridor, city
  participant text not null,                 -- BIN
  name text not null,
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  terms jsonb not null,                      -- assets, fees, quote age, holds: what the contract says
  recorded_at timestamptz not null
);
call store.keep('pilots.contract');

-- Amounts that may not be passed, in force from a day; a later row of the same name takes its place.
create table pilots.contract_limit (
  n bigint generated always as identity primary key,
  contract text not null references pilots.contract,
  name text not null,                        -- payment, client_day, client_month, client_total, day, month, total, clients
  amount numeric not null check (amount >= 0),   -- tiyn; of `clients` a number
  cite text not null,                        -- clause of the contract and the article it rests on
  from_day date not null,
  recorded_at timestamptz not null
);
call store.keep('pilots.contract_limit');

-- Cards: the number itself is not kept, only its digest and how it is shown.
create table pilots.card (
  digest bytea primary key,
  shown text not null,                       -- 440043******1234
  holder text not null,                      -- IIN
  name text not null,
  asset text not null,
  contract text not null references pilots.contract,
  expires text not null check (expires ~ '^[0-9]{4}$'),   -- YYMM
  recorded_at timestamptz not null
);
create index card_holder on pilots.card (holder);
call store.keep('pilots.card');

-- A price of one whole asset in tenge, from a venue, at a time.
create table pilots.quote (
  n bigint generated always as identity primary key,
  asset text not null,
  price numeric not null check (price > 0),
  source text not null,
  at timestamptz not null
);
create index quote_latest on pilots.quote (asset, at desc, n desc);
call store.keep('pilots.quote');

create table pilots.event (
  n bigint generated always as identity primary key,
  id text collate "C" not null unique,
  pilot text not null,
  kind text not null,
  subject text collate "C" not null,         -- what it belongs to: an authorisation, a payment, an invoice, a contract
  holder text,                               -- whose it is (IIN or BIN)
  contract text references pilots.contract,
  request text collate "C",                  -- the ledger's request that moved for it
  at timestamptz not null,
  body jsonb not null
);
create index event_subject on pilots.event (subject, n);
create index event_holder on pilots.event (holder, n);
create index event_contract on pilots.event (contract, kind, n);
call store.keep('pilots.event');

grant usage on schema pilots to salyq_work;
grant select on all tables in schema pilots to salyq_work;
grant insert on pilots.contract, pilots.contract_limit, pilots.card, pilots.quote, pilots.event to salyq_work;

create index event_rrn on pilots.event ((body ->> 'rrn')) where pilot = 'card' and kind = 'authorisation';
create index event_original on pilots.event ((body ->> 'stan'), (body ->> 'transmitted'))
  where pilot = 'card' and kind = 'authorisation';
