-- :name add_application
insert into procedures.application(id, procedure, office, organisation, subject_name, number, opened_by, opened_at, operator)
values (%(id)s, %(procedure)s, %(office)s, %(organisation)s, %(subject_name)s, %(number)s, %(opened_by)s, %(opened_at)s, %(operator)s)

-- :name application
select id, procedure, office, organisation, subject_name, number, opened_by, opened_at, operator from procedures.application where id = %(id)s

-- :name steps
select n, name, status, by_account, by_role, at, day, content, answer, due, entry from procedures.step where application = %(id)s order by n

-- :name add_step
insert into procedures.step(application, n, name, status, by_account, by_role, at, day, content, answer, due, entry, over, office, organisation)
values (%(application)s, %(n)s, %(name)s, %(status)s, %(by_account)s, %(by_role)s, %(at)s, %(day)s, %(content)s, %(answer)s, %(due)s,
        %(entry)s, %(over)s, %(office)s, %(organisation)s)

-- :name listed
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from procedures.standing s join procedures.application a on a.id = s.application
where (%(procedure)s::text is null or s.procedure = %(procedure)s) and (%(status)s::text is null or s.status = %(status)s)
  and (%(organisation)s::text is null or s.organisation = %(organisation)s)
  and (%(mine)s::text[] is null or s.organisation = any(%(mine)s) or s.operator = any(%(mine)s))
order by s.due nulls last, s.opened_at, s.application limit %(limit)s offset %(offset)s

-- :name of_organisations
-- What is open by its deadline, then what is over, the latest first.
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from procedures.standing s join procedures.application a on a.id = s.application
where s.organisation = any(%(organisations)s::text[]) or s.operator = any(%(organisations)s::text[])
order by s.over, s.due nulls last, case when s.over then null else s.opened_at end, s.day desc, s.application limit %(limit)s offset %(offset)s

-- :name queue_open
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from (
  select * from procedures.standing where not over and (%(procedure)s::text is null or procedure = %(procedure)s)
    and (%(states)s::text[] is null or procedure || '/' || status = any(%(states)s))
  order by due nulls last, opened_at, application limit %(limit)s offset %(offset)s) s
join procedures.application a on a.id = s.application
order by s.due nulls last, s.opened_at, s.application

-- :name queue_over
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from (
  select * from procedures.standing where over and (%(procedure)s::text is null or procedure = %(procedure)s)
  order by day desc, opened_at desc, application limit %(limit)s offset %(offset)s) s
join procedures.application a on a.id = s.application
order by s.day desc, s.opened_at desc, s.application

-- :name count_queue
select count(*) from procedures.standing s
where s.over = %(over)s and (%(procedure)s::text is null or s.procedure = %(procedure)s)
  and (%(states)s::text[] is null or s.procedure || '/' || s.status = any(%(states)s))

-- :name open_about
select a.id from procedures.application a join procedures.standing s on s.application = a.id
where a.procedure = %(procedure)s and a.number = %(number)s and not s.over
