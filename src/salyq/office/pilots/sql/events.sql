-- :name add
insert into pilots.event (id, pilot, kind, subject, holder, contract, request, at, body)
values (%(id)s, %(pilot)s, %(kind)s, %(subject)s, %(holder)s, %(contract)s, %(request)s, %(at)s, %(body)s)
on conflict (id) do nothing

-- :name by_id
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event where id = %(id)s

-- :name by_ids
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event where id = any(%(ids)s)

-- :name of_subject
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event where subject = %(subject)s order by n

-- :name of_subjects
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where subject = any(%(subjects)s) order by n

-- :name of_holder
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where holder = %(holder)s and at >= %(first)s and at < %(until)s order by n

-- :name of_contract
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where contract = %(contract)s and at >= %(first)s and at < %(until)s order by n

-- :name latest
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where pilot = %(pilot)s and kind = any(%(kinds)s) order by n desc limit %(limit)s
