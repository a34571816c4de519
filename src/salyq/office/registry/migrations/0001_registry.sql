-- What the entries of a record come to, kept for reading: one truth for each day of the world and each moment of knowing.
create schema registry;
grant usage on schema registry to salyq_web, salyq_work, salyq_ledger;

create table registry.span (
  id bigint generated always as identity primary key,
  register text not null,
  number text not null,
  valid daterange not null,
  recorded tstzrange not null,
  status text not null,
  subject_id text not null,
  subject_name text not null,
  key text not null,                  -- the name as it is searched
  kind text,
  region text,
  granted date not null,
  fields jsonb not null,
  entry bigint not null references store.entry,
  public boolean not null,
  office text not null,
  organisation text,
  exclude using gist (register with =, number with =, valid with &&, recorded with &&)
);
create index span_list on registry.span(register, number) where upper_inf(recorded);
create index span_key on registry.span using gin (key gin_trgm_ops) where upper_inf(recorded);
create index span_subject on registry.span(subject_id) where upper_inf(recorded);
create index span_entry on registry.span(entry);

-- A span is only ever closed: somebody came to know better.
create function registry.only_closed() returns trigger language plpgsql as $$
begin
  if not upper_inf(old.recorded) or upper_inf(new.recorded) or lower(new.recorded) is distinct from lower(old.recorded)
     and not isempty(new.recorded)
     or (to_jsonb(new) - 'recorded') is distinct from (to_jsonb(old) - 'recorded') then
    raise exception 'append only: a span may only be closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger only_closed before update on registry.span for each row execute function registry.only_closed();
create trigger append_only before delete or truncate on registry.span for each statement execute function store.append_only();

grant select, insert on registry.span to salyq_web, salyq_work;
grant update(recorded) on registry.span to salyq_web, salyq_work;
grant select on registry.span to salyq_ledger;

alter table registry.span enable row level security;
alter table registry.span force row level security;
create policy added on registry.span for insert to salyq_web, salyq_work with check (true);
create policy closed_by_work on registry.span for update to salyq_work using (true) with check (true);
create policy closed on registry.span for update to salyq_web using (office = any(store.offices())) with check (true);
create policy seen_by_work on registry.span for select to salyq_work, salyq_ledger using (true);
create policy seen on registry.span for select to salyq_web using (
  public or office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor');

-- What an import proposes: a person confirms it, and only then it becomes entries. Two sources that disagree are both kept.
create table registry.proposal (
  id uuid primary key,
  register text not null,
  number text not null,
  on_day date not null,
  source text not null,
  file_name text not null,
  file_sha256 text not null,
  line integer not null,
  row jsonb not null,
  verdict text not null check (verdict in ('new', 'same', 'differs', 'missing')),
  differs jsonb not null default '{}',
  entry bigint references store.entry,  -- the entry that it became
  made_at timestamptz not null,
  office text not null
);
create index proposal_record on registry.proposal(register, number);
call store.keep('registry.proposal');
grant select, insert on registry.proposal to salyq_work, salyq_web;
alter table registry.proposal enable row level security;
alter table registry.proposal force row level security;
create policy work on registry.proposal to salyq_work using (true) with check (true);
create policy seen on registry.proposal for select to salyq_web using (office = any(store.offices()) or store.me('role') = 'auditor');
create policy added on registry.proposal for insert to salyq_web with check (office = any(store.offices()));
