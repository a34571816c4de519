-- How each application stands after its last step, kept for lists: a queue reads its own rows and not every step that was
-- ever taken. Triggers keep it; nobody else may write here.
alter table procedures.step add column over boolean not null default false;  -- nothing stands open after it

create table procedures.standing (
  application uuid primary key references procedures.application,
  procedure text not null,
  office text not null,
  organisation text not null,
  operator text,
  opened_at timestamptz not null,
  status text not null default '',
  over boolean not null default false,
  due date,
  day date,
  n integer not null default -1
);
create index standing_due on procedures.standing(due nulls last, opened_at, application);
create index standing_open on procedures.standing(due nulls last, opened_at, application) where not over;
create index standing_over on procedures.standing(day desc, opened_at desc, application) where over;
create index standing_organisation on procedures.standing(organisation);
create index standing_operator on procedures.standing(operator) where operator is not null;

create index application_about on procedures.application(procedure, number) where number is not null;

create function procedures.opened() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into procedures.standing(application, procedure, office, organisation, operator, opened_at)
  values (new.id, new.procedure, new.office, new.organisation, new.operator, new.opened_at);
  return null;
end $$;
create function procedures.stepped() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  update procedures.standing set status = new.status, over = new.over, due = new.due, day = new.day, n = new.n
  where application = new.application and n < new.n;
  return null;
end $$;

alter table procedures.application no force row level security;
alter table procedures.step no force row level security;
insert into procedures.standing(application, procedure, office, organisation, operator, opened_at, status, over, due, day, n)
select a.id, a.procedure, a.office, a.organisation, a.operator, a.opened_at, s.status,
       s.status = any('{granted,refused,withdrawn,decided,dropped,performed,handed_over,ended,cured,wound_down,appealed}'), s.due, s.day, s.n
from procedures.application a
join lateral (select status, due, day, n from procedures.step where application = a.id order by n desc limit 1) s on true;
alter table procedures.application force row level security;
alter table procedures.step force row level security;

create trigger opened after insert on procedures.application for each row execute function procedures.opened();
create trigger stepped after insert on procedures.step for each row execute function procedures.stepped();

-- Not forced: the triggers write as the owner.
alter table procedures.standing enable row level security;
grant select on procedures.standing to salyq_web, salyq_work;
create policy work on procedures.standing for select to salyq_work using (true);
create policy seen on procedures.standing for select to salyq_web using (
  office = any(store.offices()) or organisation = any(store.mine()) or operator = any(store.mine()) or store.me('role') = 'auditor');
