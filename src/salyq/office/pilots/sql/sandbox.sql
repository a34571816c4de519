-- :name add_contract
insert into pilots.contract (id, pilot, participant, name, first_day, last_day, terms, recorded_at)
values (%(id)s, %(pilot)s, %(participant)s, %(name)s, %(first_day)s, %(last_day)s, %(terms)s, %(recorded_at)s)
on conflict (id) do nothing

-- :name add_limit
insert into pilots.contract_limit (contract, name, amount, cite, from_day, recorded_at)
values (%(contract)s, %(name)s, %(amount)s, %(cite)s, %(from_day)s, %(recorded_at)s)

-- :name contract
select id, pilot, participant, name, first_day, last_day, terms from pilots.contract where id = %(id)s

-- :name contracts
select id, pilot, participant, name, first_day, last_day, terms from pilots.contract
where %(pilot)s::text is null or pilot = %(pilot)s order by id

-- :name limits
select name, amount, cite, from_day from pilots.contract_limit
where contract = %(contract)s and from_day <= %(day)s order by name, from_day, n

-- :name states
select kind, at, body from pilots.event
where contract = %(contract)s and pilot = 'sandbox' and kind in ('stopped', 'resumed', 'ended') and at <= %(now)s
order by n
