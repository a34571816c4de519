create schema intake;
grant usage on schema intake to salyq_web, salyq_work;

-- What came in, taken or refused; the file itself lies outside, by its hash.
create table intake.filing (
  id uuid primary key,
  number text not null unique,
  kind text not null,
  organisation text not null,
  filed_by text not null,
  filed_at timestamptz not null,
  file_name text not null,
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  file_bytes bigint not null,
  status text not null check (status in ('accepted', 'refused')),
  period text,
  faults jsonb not null,
  findings jsonb not null,
  summary jsonb not null,
  corrects uuid references intake.filing,
  entry bigint not null references store.entry,
  offices text[] not null
);
create index filing_organisation on intake.filing(organisation, kind, period);
create unique index filing_corrected_once on intake.filing(corrects) where status = 'accepted';
call store.keep('intake.filing');

grant select, insert on intake.filing to salyq_web, salyq_work;
alter table intake.filing enable row level security;
alter table intake.filing force row level security;
create policy work on intake.filing to salyq_work using (true) with check (true);
create policy seen on intake.filing for select to salyq_web using (
  organisation = any(store.mine()) or offices && store.offices() or store.me('role') = 'auditor');
create policy added on intake.filing for insert to salyq_web with check (organisation = any(store.mine()));

-- Numbers without gaps per year, whoever files.
create sequence intake.number;
grant usage on sequence intake.number to salyq_web, salyq_work;
