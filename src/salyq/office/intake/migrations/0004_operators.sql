-- The operator who decides an application sees its documents.
drop policy seen on intake.document;
create policy seen on intake.document for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or store.me('role') = 'auditor'
  or exists (select from procedures.application a where a.id = application and a.operator = any(store.mine())));
