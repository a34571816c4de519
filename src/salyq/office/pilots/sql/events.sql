-- :name add
insert into pilots.event (id, pilot, kind, subject, holder, contract, request, at, body)
select id, pilot, kind, subject, holder, contract, request, at, body
from jsonb_to_recordset(%(rows)s::jsonb) as r(id text, pilot text, kind text, subject text, holder text, contract text,
  request text, at timestamptz, body jsonb)
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

-- :name last
select coalesce(max(n), 0) from pilots.event

-- :name corridor_open
-- This and the next two look from a position on, before which nothing waits: what is settled is not looked at again.
select e.subject, e.n from pilots.event e
where e.pilot = 'corridor' and e.kind = 'payment' and e.n > %(since)s and (%(contract)s::text is null or e.contract = %(contract)s)
  and not exists (select 1 from pilots.event d where d.subject = e.subject and d.kind = 'done')
order by e.n

-- :name corridor_unsettled
select e.subject, e.n from pilots.event e
where e.pilot = 'corridor' and e.kind = 'done' and e.n > %(since)s and e.body ->> 'state' = 'fulfilled'
  and (%(contract)s::text is null or e.contract = %(contract)s)
  and not exists (select 1 from pilots.event s where s.subject = e.subject and s.kind = 'settled')
order by e.n limit 5000

-- :name corridor_window_open
select w.n, w.id, w.pilot, w.kind, w.subject, w.holder, w.contract, w.request, w.at, w.body from pilots.event w
join pilots.event d on d.subject = 'corridor/' || (w.body -> 'payments' ->> 0) and d.kind = 'done'
where w.pilot = 'corridor' and w.kind = 'window' and w.contract = %(contract)s and w.n > %(since)s
  and not exists (select 1 from pilots.event s where s.subject = d.subject and s.kind = 'settled')
order by w.n limit 1

-- :name happened_since
select exists (select 1 from pilots.event where n > (select coalesce(max(n), 0) - 1000 from pilots.event) and at > %(since)s)

-- :name of_contract_kind
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where contract = %(contract)s and kind = any(%(kinds)s) order by n desc limit %(limit)s

-- :name of_holder_kind
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where holder = %(holder)s and kind = any(%(kinds)s) order by n desc limit %(limit)s

-- :name driven
-- Whether an office is made up, how far its books are, and what was recorded last.
select exists (select from store.fact where name = 'made_up'), s.position, greatest(s.recorded, h.last_at)
from ledger.sequencer s, store.head h
