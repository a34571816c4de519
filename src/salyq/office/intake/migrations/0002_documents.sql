-- Documents that come with an application; the bytes lie outside, by their hash.
create table intake.document (
  application uuid not null references procedures.application,
  name text not null,                 -- which of the procedure's documents it is
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  file_name text not null,
  bytes bigint not null,
  by_account text not null,
  at timestamptz not null,
  entry bigint not null references store.entry,
  office text not null,
  organisation text not null,
  primary key (application, name, sha256)
);
call store.keep('intake.document');
grant select, insert on intake.document to salyq_web, salyq_work;
alter table intake.document enable row level security;
alter table intake.document force row level security;
create policy work on intake.document to salyq_work using (true) with check (true);
create policy seen on intake.document for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');
create policy added on intake.document for insert to salyq_web with check (organisation = any(store.mine()));
