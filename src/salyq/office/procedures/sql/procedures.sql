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
  and (coalesce(s.due, 'infinity'::date), s.opened_at, s.application)
    > (%(due)s::date, %(opened)s::timestamptz, %(id)s::uuid)
order by coalesce(s.due, 'infinity'::date), s.opened_at, s.application limit %(limit)s

-- :name of_organisations
-- What is open by its deadline, then what is over, the latest first.
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from procedures.standing s join procedures.application a on a.id = s.application
where (s.organisation = any(%(organisations)s::text[]) or s.operator = any(%(organisations)s::text[]))
  and (%(over)s::bool is null
    or not %(over)s and (s.over or (coalesce(s.due, 'infinity'::date), s.opened_at, s.application)
      > (%(due)s::date, %(opened)s::timestamptz, %(id)s::uuid))
    or %(over)s and s.over and (s.day, s.opened_at, s.application) < (%(due)s::date, %(opened)s::timestamptz, %(id)s::uuid))
order by s.over, case when not s.over then coalesce(s.due, 'infinity'::date) end, case when not s.over then s.opened_at end,
  case when not s.over then s.application end, s.day desc, s.opened_at desc, s.application desc limit %(limit)s

-- :name queue_open
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from (
  select * from procedures.standing where not over and (%(procedure)s::text is null or procedure = %(procedure)s)
    and (%(states)s::text[] is null or procedure || '/' || status = any(%(states)s))
    and (coalesce(due, 'infinity'::date), opened_at, application)
      > (%(due)s::date, %(opened)s::timestamptz, %(id)s::uuid)
  order by coalesce(due, 'infinity'::date), opened_at, application limit %(limit)s) s
join procedures.application a on a.id = s.application
order by coalesce(s.due, 'infinity'::date), s.opened_at, s.application

-- :name queue_over
select a.id, a.procedure, a.office, a.organisation, a.subject_name, a.number, a.opened_by, a.opened_at, s.status, s.due, s.day, s.n, s.over
from (
  select * from procedures.standing where over and (%(procedure)s::text is null or procedure = %(procedure)s)
    and (day, opened_at, application) < (%(due)s::date, %(opened)s::timestamptz, %(id)s::uuid)
  order by day desc, opened_at desc, application desc limit %(limit)s) s
join procedures.application a on a.id = s.application
order by s.day desc, s.opened_at desc, s.application desc

-- :name count_queue
select count(*) from procedures.standing s
where s.over = %(over)s and (%(procedure)s::text is null or s.procedure = %(procedure)s)
  and (%(states)s::text[] is null or s.procedure || '/' || s.status = any(%(states)s))

-- :name open_about
select a.id from procedures.application a join procedures.standing s on s.application = a.id
where a.procedure = %(procedure)s and a.number = %(number)s and not s.over

-- :name unlike_step
-- The first step that is not as its entry tells it, or entry of a step that is not there.
select coalesce('application/' || s.application || '/' || s.n, e.stream || '/' || (e.doc ->> 'n')) as place,
       case when e.position is not null then said end as wanted, case when s.application is not null then kept end as found
from procedures.step s
full join (select position, stream, doc from store.entry where kind in ('application', 'decision') and doc ? 'step') e
  on e.position = s.entry
cross join lateral (
  select jsonb_build_object('application', s.application, 'step', s.name, 'n', s.n, 'status', s.status, 'content', s.content - 'fields') as kept,
         jsonb_build_object('application', e.doc ->> 'application', 'step', e.doc ->> 'step', 'n', (e.doc ->> 'n')::int,
                            'status', e.doc ->> 'status', 'content', (e.doc -> 'content') - 'fields') as said) x
where e.position is null or s.application is null or kept <> said
order by coalesce(s.entry, e.position) limit 1

-- :name unlike_standing
-- The first application that lists do not show as its last step left it.
select 'application/' || a.id as place, wanted, found
from procedures.application a
left join procedures.standing t on t.application = a.id
left join lateral (select * from procedures.step where application = a.id order by n desc limit 1) s on true
cross join lateral (
  select jsonb_build_object('procedure', a.procedure, 'office', a.office, 'organisation', a.organisation, 'operator', a.operator,
                            'opened_at', a.opened_at, 'status', s.status, 'due', s.due, 'day', s.day, 'n', s.n, 'over', a.procedure || '/' || s.status = any(%(over)s)) as wanted,
         jsonb_build_object('procedure', t.procedure, 'office', t.office, 'organisation', t.organisation, 'operator', t.operator,
                            'opened_at', t.opened_at, 'status', t.status, 'due', t.due, 'day', t.day, 'n', t.n, 'over', t.over) as found) x
where wanted is distinct from found
order by a.opened_at, a.id limit 1

-- :name told
-- Steps that others took in applications of these organisations or that they decide, and days that passed; the newest first.
select s.entry, s.at, a.id, a.procedure, a.organisation, a.subject_name, s.name as step, s.status,
  coalesce((s.content->>'due')::date, s.due) as due
from procedures.step s join procedures.application a on a.id = s.application
where (a.organisation = any(%(organisations)s::text[]) or a.operator = any(%(organisations)s::text[]))
  and s.by_account <> %(me)s and s.entry < %(before)s
order by s.entry desc limit %(limit)s
