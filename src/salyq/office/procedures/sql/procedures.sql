-- :name add_application
insert into procedures.application(id, procedure, office, organisation, subject_name, number, opened_by, opened_at, operator)
values (%(id)s, %(procedure)s, %(office)s, %(organisation)s, %(subject_name)s, %(number)s, %(opened_by)s, %(opened_at)s, %(operator)s)

-- :name application
select id, procedure, office, organisation, subject_name, number, opened_by, opened_at, operator from procedures.application where id = %(id)s

-- :name steps
select n, name, status, by_account, by_role, at, day, content, answer, due, entry from procedures.step where application = %(id)s order by n

-- :name add_step
insert into procedures.step(application, n, name, status, by_account, by_role, at, day, content, answer, due, entry, office, organisation)
values (%(application)s, %(n)s, %(name)s, %(status)s, %(by_account)s, %(by_role)s, %(at)s, %(day)s, %(content)s, %(answer)s, %(due)s,
        %(entry)s, %(office)s, %(organisation)s)

-- :name listed
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n
from procedures.application a
join lateral (select status, due, day, n from procedures.step where application = a.id order by n desc limit 1) s on true
where (%(procedure)s::text is null or a.procedure = %(procedure)s) and (%(status)s::text is null or s.status = %(status)s)
  and (%(organisation)s::text is null or a.organisation = %(organisation)s)
order by s.due nulls last, a.opened_at, a.id limit %(limit)s offset %(offset)s

-- :name open_about
select a.id from procedures.application a
join lateral (select status from procedures.step where application = a.id order by n desc limit 1) s on true
where a.procedure = %(procedure)s and a.number = %(number)s and s.status <> all(%(ended)s)
