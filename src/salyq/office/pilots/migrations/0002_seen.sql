-- E5: the pages ask through salyq_web and get only their own: a holder or a payer his events, a participant those under his
-- contracts, a merchant those of his invoices, the National Bank and auditors all. A card's digest is never shown.
grant usage on schema pilots to salyq_web;
grant select on pilots.contract, pilots.contract_limit, pilots.event to salyq_web;
grant select (shown, holder, name, asset, contract, expires, recorded_at) on pilots.card to salyq_web;

create function pilots.supervises() returns boolean language sql stable parallel safe
  return 'nbk' = any(store.offices()) or store.me('role') = 'auditor';

alter table pilots.contract enable row level security;
create policy work on pilots.contract to salyq_work using (true) with check (true);
create policy seen on pilots.contract for select to salyq_web using (
  participant = any(store.mine()) or pilots.supervises());

alter table pilots.contract_limit enable row level security;
create policy work on pilots.contract_limit to salyq_work using (true) with check (true);
create policy seen on pilots.contract_limit for select to salyq_web using (
  exists (select 1 from pilots.contract c where c.id = contract_limit.contract));

alter table pilots.card enable row level security;
create policy work on pilots.card to salyq_work using (true) with check (true);
create policy seen on pilots.card for select to salyq_web using (
  holder = any(store.mine()) or exists (select 1 from pilots.contract c where c.id = card.contract));

alter table pilots.event enable row level security;
create policy work on pilots.event to salyq_work using (true) with check (true);
create policy seen on pilots.event for select to salyq_web using (
  holder = any(store.mine()) or body ->> 'merchant_id' = any(store.mine()) or pilots.supervises()
  or exists (select 1 from pilots.contract c where c.id = event.contract));
