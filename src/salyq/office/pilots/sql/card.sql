-- :name issue
insert into pilots.card (digest, shown, holder, name, asset, contract, expires, recorded_at)
values (%(digest)s, %(shown)s, %(holder)s, %(name)s, %(asset)s, %(contract)s, %(expires)s, %(recorded_at)s)
on conflict (digest) do nothing

-- :name card
select digest, shown, holder, name, asset, contract, expires from pilots.card where digest = %(digest)s

-- :name cards
select digest, shown, holder, name, asset, contract, expires from pilots.card
where %(holder)s::text is null or holder = %(holder)s order by recorded_at, shown

-- :name id_of
select id::text from pilots.card where digest = %(digest)s

-- :name blocked
select encode(c.digest, 'hex') from pilots.event e join pilots.card c on c.id = (e.body ->> 'id')::uuid
where e.contract = %(contract)s and e.kind = 'blocked' and e.pilot = 'card'

-- :name by_rrn
-- The newest first. How a card is shown is no name of it: two holders' cards may be shown alike.
select subject from pilots.event
where pilot = 'card' and kind = 'authorisation' and body ->> 'rrn' = %(rrn)s and body ->> 'card' = %(card)s
  and holder = %(holder)s
group by subject order by max(n) desc

-- :name by_original
-- The newest first: the time of a message has no year.
select subject from pilots.event
where pilot = 'card' and kind = 'authorisation' and body ->> 'stan' = %(stan)s and body ->> 'transmitted' = %(transmitted)s
  and ltrim(body ->> 'acquirer', '0') = %(acquirer)s
group by subject order by max(n) desc

-- :name cleared
-- What clearing did so far under a retrieval number: paid out and given back, of it covered by the issuer and repaid.
select coalesce(sum((body ->> 'settled')::numeric) filter (where (body ->> 'settled')::numeric > 0), 0),
  coalesce(-sum((body ->> 'settled')::numeric) filter (where (body ->> 'settled')::numeric < 0), 0),
  coalesce(sum((body ->> 'covered')::numeric), 0), coalesce(sum((body ->> 'repaid')::numeric), 0)
from pilots.event
where pilot = 'card' and kind = 'clearing_done' and body ->> 'rrn' = %(rrn)s and holder = %(holder)s

-- :name alone
select pg_advisory_xact_lock(hashtextextended(%(of)s, 732))

-- :name unfinished
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event e
where pilot = 'card' and kind = 'clearing' and body -> 'row' ->> 'rrn' = %(rrn)s and holder = %(holder)s
  and not exists (select from pilots.event d where d.id = e.id || '/done') order by n

-- :name cleared_of_days
select n, id, pilot, kind, subject, holder, contract, request, at, body from pilots.event
where pilot = 'card' and kind = 'clearing_done' and body ->> 'day' between %(first)s and %(last)s order by n

-- :name owed
-- What the issuer paid for a holder and did not get back.
select coalesce(sum((body ->> 'covered')::numeric - coalesce((body ->> 'repaid')::numeric, 0)), 0) from pilots.event
where pilot = 'card' and kind = 'clearing_done' and holder = %(holder)s

-- :name written_of
select sum((body ->> 'settled')::numeric) from pilots.event
where pilot = 'card' and kind = 'clearing_done' and body ->> 'acquirer' = %(acquirer)s

-- :name seen_holders
select holder, name, shown, contract from pilots.card order by holder, shown limit 500

-- :name sees_holder
select exists (select 1 from pilots.card where holder = %(holder)s)
    or exists (select 1 from pilots.event where holder = %(holder)s and kind = 'bought' and pilot = 'city')

-- :name stamp
-- What was recorded last of everything that the host remembers. Counts, where two who record at once may take numbers out
-- of turn.
select (select size from store.head), (select max(n) from pilots.quote), (select count(*) from pilots.contract_limit),
  (select count(*) from pilots.event where contract = any(%(contracts)s)
    and kind in ('stopped', 'resumed', 'ended', 'blocked'))
