-- Who proposed, and what became of it: a second person confirms or refuses (E4), and what he confirms is an entry.
alter table registry.proposal add column made_by text not null default '';
alter table registry.proposal add column corrects bigint references store.entry;
alter table registry.proposal drop constraint proposal_verdict_check;
alter table registry.proposal add constraint proposal_verdict_check check (verdict in ('new', 'same', 'differs', 'missing', 'correction'));

create table registry.settled (
  proposal uuid primary key references registry.proposal,
  decision text not null check (decision in ('confirmed', 'refused')),
  entry bigint references store.entry,
  by_account text not null,
  reason text not null,
  at timestamptz not null,
  office text not null
);
call store.keep('registry.settled');
grant select, insert on registry.settled to salyq_work, salyq_web;
alter table registry.settled enable row level security;
alter table registry.settled force row level security;
create policy work on registry.settled to salyq_work using (true) with check (true);
create policy seen on registry.settled for select to salyq_web using (office = any(store.offices()) or store.me('role') = 'auditor');
create policy added on registry.settled for insert to salyq_web with check (office = any(store.offices()));
