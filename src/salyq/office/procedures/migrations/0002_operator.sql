-- What law gives to an operator to decide (the issue of a DFA: the platform registers it) is decided by that organisation.
alter table procedures.application add column operator text;
create index application_operator on procedures.application(operator) where operator is not null;

drop policy seen on procedures.application;
drop policy seen on procedures.step;
drop policy added on procedures.step;
create policy seen on procedures.application for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or operator = any(store.mine()) or store.me('role') = 'auditor');
create policy seen on procedures.step for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor'
  or exists (select from procedures.application a where a.id = application and a.operator = any(store.mine())));
create policy added on procedures.step for insert to salyq_web with check (
  office = any(store.offices()) or organisation = any(store.mine())
  or exists (select from procedures.application a where a.id = application and a.operator = any(store.mine())));
