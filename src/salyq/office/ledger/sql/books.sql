-- :name account
select no, id, asset, code, limited, rounding, closed, debits, credits, debits_held, credits_held, position, recorded
from ledger.account where id = %(id)s

-- :name accounts
select no, id, asset, code, limited, rounding, closed, debits, credits, debits_held, credits_held, position, recorded
from ledger.account where id like %(like)s and no > %(after)s order by no limit %(limit)s

-- :name lapsed
select coalesce(sum(amount) filter (where debit = %(no)s), 0), coalesce(sum(amount) filter (where credit = %(no)s), 0)
from ledger.open_hold where expires <= %(now)s and (debit = %(no)s or credit = %(no)s)

-- :name closed_then
select closed from ledger.switch where account = %(no)s and recorded <= %(then)s order by position desc, n desc limit 1

-- :name latest
select recorded from ledger.sequencer

-- :name folded
with mine as (
  select position, n, kind, amount, hold, hold_n, expires, true as side from ledger.transfer
  where debit = %(no)s and effective <= %(at)s and recorded <= %(known)s
  union all
  select position, n, kind, amount, hold, hold_n, expires, false from ledger.transfer
  where credit = %(no)s and effective <= %(at)s and recorded <= %(known)s
)
select coalesce(sum(amount) filter (where kind in (0, 2) and side), 0),
       coalesce(sum(amount) filter (where kind in (0, 2) and not side), 0),
       coalesce(sum(amount) filter (where held and side), 0),
       coalesce(sum(amount) filter (where held and not side), 0)
from (
  select kind, amount, side,
         kind = 1 and expires > %(open_at)s and not exists (select 1 from mine e where e.hold = m.position and e.hold_n = m.n) as held
  from mine m
) told

-- :name lines
select * from (
  (select t.position, t.n, t.kind, t.amount, t.released, t.code, t.effective, t.recorded, t.hold, t.expires,
          true as is_debit, t.credit as other
   from ledger.transfer t where t.debit = %(no)s and t.position > %(after)s and t.recorded <= %(known)s
   order by t.position, t.n limit %(limit)s)
  union all
  (select t.position, t.n, t.kind, t.amount, t.released, t.code, t.effective, t.recorded, t.hold, t.expires,
          false, t.debit
   from ledger.transfer t where t.credit = %(no)s and t.position > %(after)s and t.recorded <= %(known)s
   order by t.position, t.n limit %(limit)s)
) m order by position, n limit %(limit)s

-- :name names
select no, id from ledger.account where no = any(%(nos)s)

-- :name requests
select position, id from ledger.request where position = any(%(positions)s) and result = 'ok'

-- :name before
select coalesce(sum(case when credit = %(no)s then amount else -amount end) filter (where kind in (0, 2)), 0),
       coalesce(sum(case when debit = %(no)s then case kind when 0 then 0 when 1 then amount else -released end else 0 end), 0),
       coalesce(sum(case when credit = %(no)s then case kind when 0 then 0 when 1 then amount else -released end else 0 end), 0)
from ledger.transfer where (debit = %(no)s or credit = %(no)s) and position <= %(after)s and recorded <= %(known)s

-- :name of_request
select t.position, t.n, t.kind, d.id as debit, c.id as credit, d.asset, t.amount, t.released, t.hold, t.expires,
       t.code, t.effective, t.recorded
from ledger.request r join ledger.transfer t on t.position = r.position
join ledger.account d on d.no = t.debit join ledger.account c on c.no = t.credit
where r.id = any(%(ids)s) and r.result = 'ok' order by t.position, t.n

-- :name ends_of
select t.position, t.n, t.kind, d.id as debit, c.id as credit, d.asset, t.amount, t.released, t.hold, t.expires,
       t.code, t.effective, t.recorded
from ledger.transfer t join ledger.account d on d.no = t.debit join ledger.account c on c.no = t.credit
where t.hold = any(%(positions)s) order by t.position

-- :name taken
select id, debits + debits_held from ledger.account where id = any(%(ids)s)

-- :name taken_before
select coalesce(sum(case t.kind when 1 then 0 else t.amount end), 0),
       coalesce(sum(case t.kind when 0 then 0 when 1 then t.amount else -t.released end), 0)
from ledger.transfer t join ledger.account a on a.no = t.debit
where a.id = %(id)s and (t.position, t.n) < (%(position)s, %(n)s)
