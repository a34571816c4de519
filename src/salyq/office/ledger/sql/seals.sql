-- :name positions
select p.position, r.id, r.digest
from generate_series(%(first)s::bigint, %(last)s::bigint) p(position)
left join ledger.request r on r.position = p.position and r.result = 'ok'
order by p.position

-- :name moves
select t.position, t.n, t.kind, d.id, c.id, d.asset, t.amount, t.released, t.hold, t.hold_n, t.expires, t.code, t.effective, t.recorded
from ledger.transfer t join ledger.account d on d.no = t.debit join ledger.account c on c.no = t.credit
where t.position between %(first)s and %(last)s order by t.position, t.n

-- :name position
select position from ledger.sequencer
