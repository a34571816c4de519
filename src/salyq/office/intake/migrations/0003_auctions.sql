-- What the centralised trades tell that a miner bought, month by month. The row of the latest filing counts; a correction
-- that leaves a miner out says nought of him, so nobody needs to see another's filing to know what counts.
create table intake.auction (
  filer text not null,
  miner text not null,
  month date not null check (extract(day from month) = 1),
  kwh numeric not null check (kwh >= 0),
  filing uuid not null references intake.filing,
  number text not null,
  entry bigint not null references store.entry,
  primary key (miner, month, filer, entry)
);
create index auction_filing on intake.auction(filing);
call store.keep('intake.auction');
grant select, insert on intake.auction to salyq_web, salyq_work;
alter table intake.auction enable row level security;
alter table intake.auction force row level security;
create policy work on intake.auction to salyq_work using (true) with check (true);
create policy seen on intake.auction for select to salyq_web using (
  miner = any(store.mine()) or filer = any(store.mine()) or '{energy,tax,ministry}' && store.offices() or store.me('role') = 'auditor');
create policy added on intake.auction for insert to salyq_web with check (filer = any(store.mine()));
