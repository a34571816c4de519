create schema procedures;
grant usage on schema procedures to salyq_web, salyq_work;

create table procedures.application (
  id uuid primary key,
  procedure text not null,
  office text not null,
  organisation text not null,
  subject_name text not null,
  number text,                        -- the record it is about, where there is one already
  opened_by text not null,
  opened_at timestamptz not null
);
create index application_office on procedures.application(office, procedure);
create index application_organisation on procedures.application(organisation);
call store.keep('procedures.application');

-- Every step taken: who, when, what it said, what law answered. The state of an application is a fold of these.
create table procedures.step (
  application uuid not null references procedures.application,
  n integer not null check (n >= 0),
  name text not null,
  status text not null,               -- after the step
  by_account text not null,
  by_role text not null,
  at timestamptz not null,
  day date not null,                  -- in Kazakhstan
  content jsonb not null,
  answer jsonb,                       -- what law said, with its fingerprint
  due date,                           -- by when the next step is to come, as law says
  entry bigint not null references store.entry,
  office text not null,
  organisation text not null,
  primary key (application, n)
);
call store.keep('procedures.step');

grant select, insert on procedures.application, procedures.step to salyq_web, salyq_work;

alter table procedures.application enable row level security;
alter table procedures.application force row level security;
alter table procedures.step enable row level security;
alter table procedures.step force row level security;
create policy work on procedures.application to salyq_work using (true) with check (true);
create policy work on procedures.step to salyq_work using (true) with check (true);
create policy seen on procedures.application for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');
create policy seen on procedures.step for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');
create policy added on procedures.application for insert to salyq_web with check (
  office = any(store.offices()) or organisation = any(store.mine()));
create policy added on procedures.step for insert to salyq_web with check (
  office = any(store.offices()) or organisation = any(store.mine()));
