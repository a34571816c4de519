-- :name take_over
update ledger.sequencer set epoch = epoch + 1 returning epoch, position, account_no, recorded

-- :name fence
update ledger.sequencer set position = %(position)s, account_no = %(account_no)s, recorded = %(recorded)s
where epoch = %(epoch)s and position = %(was)s

-- :name keep
with fence as (
  update ledger.sequencer set position = %(position)s, account_no = %(account_no)s, recorded = %(recorded)s
  where epoch = %(epoch)s and position = %(was)s returning 1
), asked as (
  insert into ledger.request (id, digest, result, position, moved, step, recorded)
  select * from unnest(%(r_id)s::text[], %(r_digest)s::bytea[], %(r_result)s::text[], %(r_position)s::bigint[],
    %(r_moved)s::numeric[], %(r_step)s::integer[], %(r_recorded)s::timestamptz[])
  where exists (select from fence)
), moved as (
  insert into ledger.transfer (position, n, kind, debit, credit, amount, released, hold, hold_n, expires, code, effective, recorded)
  select * from unnest(%(t_position)s::bigint[], %(t_n)s::integer[], %(t_kind)s::smallint[], %(t_debit)s::bigint[],
    %(t_credit)s::bigint[], %(t_amount)s::numeric[], %(t_released)s::numeric[], %(t_hold)s::bigint[],
    %(t_hold_n)s::integer[], %(t_expires)s::timestamptz[], %(t_code)s::text[], %(t_effective)s::timestamptz[],
    %(t_recorded)s::timestamptz[])
  where exists (select from fence)
)
select count(*) from fence

-- :name answers
select id, digest, result, position, moved, step from ledger.request where id = any(%s)

-- :name accounts
select no, id, asset, code, limited, rounding, position, closed, debits_held, debits, credits_held, credits
from ledger.account where id = any(%s)

-- :name accounts_by_no
select no, id, asset, code, limited, rounding, position, closed, debits_held, debits, credits_held, credits
from ledger.account where no = any(%s)

-- :name holds
select r.id, t.n, t.position, t.debit, t.credit, t.amount, t.expires, o.position is not null
from ledger.request r
join ledger.transfer t on t.position = r.position and t.kind = 1
left join ledger.open_hold o on o.position = t.position and o.n = t.n
where r.id = any(%s) and r.result = 'ok'

-- :name due
select r.id, o.n, o.position, o.debit, o.credit, o.amount, o.expires
from ledger.open_hold o left join ledger.request r on r.position = o.position and r.result = 'ok'
where o.expires <= %s order by o.expires, o.position, o.n limit %s

-- :name next_due
select min(expires) from ledger.open_hold where expires > %s

-- :name copy_requests
copy ledger.request (id, digest, result, position, moved, step, recorded) from stdin

-- :name copy_accounts
copy ledger.account (no, id, asset, code, limited, rounding, position, recorded) from stdin

-- :name copy_transfers
copy ledger.transfer (position, n, kind, debit, credit, amount, released, hold, hold_n, expires, code, effective, recorded) from stdin

-- :name copy_switches
copy ledger.switch (position, n, account, closed, recorded) from stdin

-- :name insert_requests
insert into ledger.request (id, digest, result, position, moved, step, recorded)
select * from unnest(%s::text[], %s::bytea[], %s::text[], %s::bigint[], %s::numeric[], %s::integer[], %s::timestamptz[])

-- :name insert_accounts
insert into ledger.account (no, id, asset, code, limited, rounding, position, recorded)
select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::boolean[], %s::bigint[], %s::timestamptz[])

-- :name insert_transfers
insert into ledger.transfer (position, n, kind, debit, credit, amount, released, hold, hold_n, expires, code, effective, recorded)
select * from unnest(%s::bigint[], %s::integer[], %s::smallint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[],
  %s::bigint[], %s::integer[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::timestamptz[])

-- :name insert_switches
insert into ledger.switch (position, n, account, closed, recorded)
select * from unnest(%s::bigint[], %s::integer[], %s::bigint[], %s::boolean[], %s::timestamptz[])
