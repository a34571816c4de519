-- Each statement names what is wrong and answers no row where nothing is. `%(accounts)s` null means all accounts.

-- :name position
select position, (select count(*) from ledger.account where %(accounts)s::bigint[] is null or no = any(%(accounts)s))
from ledger.sequencer

-- :name sample
(select no from ledger.account where no in (
   select debit from (select debit from ledger.transfer where position > %(since)s order by position desc limit %(size)s) d
   union select credit from (select credit from ledger.transfer where position > %(since)s order by position desc limit %(size)s) c)
 limit %(size)s)

-- :name totals
select 'total' as what, a.id as which,
       concat_ws(' ', a.debits_held, a.debits, a.credits_held, a.credits) as kept,
       concat_ws(' ', coalesce(f.debits_held, 0), coalesce(f.debits, 0), coalesce(f.credits_held, 0), coalesce(f.credits, 0)) as counted
from ledger.account a left join ledger.folded f on f.no = a.no
where (a.debits_held, a.debits, a.credits_held, a.credits)
      is distinct from (coalesce(f.debits_held, 0), coalesce(f.debits, 0), coalesce(f.credits_held, 0), coalesce(f.credits, 0))
limit 100

-- :name totals_of
select 'total' as what, a.id as which,
       concat_ws(' ', a.debits_held, a.debits, a.credits_held, a.credits) as kept,
       concat_ws(' ', f.dh, f.d, f.ch, f.c) as counted
from ledger.account a, lateral (
  select coalesce(sum(dh), 0) dh, coalesce(sum(d), 0) d, coalesce(sum(ch), 0) ch, coalesce(sum(c), 0) c from (
    select case kind when 0 then 0 when 1 then amount else -released end dh,
           case kind when 1 then 0 else amount end d, 0::numeric ch, 0::numeric c
    from ledger.transfer t where t.debit = a.no
    union all
    select 0, 0, case kind when 0 then 0 when 1 then amount else -released end, case kind when 1 then 0 else amount end
    from ledger.transfer t where t.credit = a.no) legs
) f
where a.no = any(%(accounts)s) and (a.debits_held, a.debits, a.credits_held, a.credits) is distinct from (f.dh, f.d, f.ch, f.c)
limit 100

-- :name sides
select 'sides' as what, asset as which, sum(debits) || ' ' || sum(debits_held) as kept,
       sum(credits) || ' ' || sum(credits_held) as counted
from ledger.account group by asset
having sum(debits) <> sum(credits) or sum(debits_held) <> sum(credits_held)

-- :name limits
select 'limit' as what, id as which, concat_ws(' ', debits_held, debits, credits_held, credits) as kept, limited::text as counted
from ledger.account
where (limited = 1 and debits_held + debits > credits) or (limited = 2 and credits_held + credits > debits)
limit 100

-- :name holds
select 'hold' as what, concat_ws('/', coalesce(o.position, t.position), coalesce(o.n, t.n)) as which,
       coalesce(o.amount::text, 'ended') as kept, coalesce(t.amount::text, 'ended') as counted
from ledger.open_hold o full join (
  select h.position, h.n, h.debit, h.credit, h.amount, h.expires from ledger.transfer h
  where h.kind = 1 and not exists (select 1 from ledger.transfer e where e.hold = h.position and e.hold_n = h.n)
) t on t.position = o.position and t.n = o.n
where (o.position, o.debit, o.credit, o.amount, o.expires) is distinct from (t.position, t.debit, t.credit, t.amount, t.expires)
limit 100

-- :name ends
select 'end' as what, e.position::text as which, e.released::text as kept, h.amount::text as counted
from ledger.transfer e left join ledger.transfer h on h.position = e.hold and h.n = e.hold_n and h.kind = 1
where e.kind >= 2 and (h.position is null or h.amount <> e.released or e.amount > h.amount or h.debit <> e.debit or h.credit <> e.credit)
limit 100

-- :name assets
select 'assets' as what, t.position::text as which, d.asset as kept, c.asset as counted
from ledger.transfer t left join ledger.account d on d.no = t.debit left join ledger.account c on c.no = t.credit
where d.asset is distinct from c.asset or d.no is null or (t.amount > 1 and (d.rounding or c.rounding))
limit 100

-- :name positions
select 'position' as what, coalesce(p.n, g.n)::text as which, p.count::text as kept, '1' as counted
from (
  select position as n, count(*) from (
    select position from ledger.request where result = 'ok'
    union all select position from ledger.transfer where kind = 4
  ) had group by position
) p full join generate_series(1, (select position from ledger.sequencer)) g(n) on g.n = p.n
where p.count is distinct from 1 or g.n is null
limit 100

-- :name orphans
select 'orphan' as what, t.position::text as which, 'transfer' as kept, 'no request' as counted
from ledger.transfer t left join ledger.request r on r.position = t.position and r.result = 'ok'
where t.kind <> 4 and r.id is null
limit 100

-- :name first_to_expire
select min(expires) from ledger.open_hold

-- :name moved_since_recount
select s.position > coalesce((select max(position) from ledger.recount), 0) from ledger.sequencer s

-- :name keep
insert into ledger.recount(at, scope, position, accounts, differences)
values (%(at)s, %(scope)s, %(position)s, %(accounts)s, %(differences)s)

-- :name last
select at, scope, position, accounts, differences from ledger.recount order by n desc limit %(limit)s
