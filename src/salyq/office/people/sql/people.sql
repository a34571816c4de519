-- :name add_organisation
insert into people.organisation(bin, name, made_at) values (%(bin)s, %(name)s, %(at)s) on conflict (bin) do nothing

-- :name add_account
insert into people.account(id, name, shown, role, office, iin, made_at)
values (%(id)s, %(name)s, %(shown)s, %(role)s, %(office)s, %(iin)s, %(at)s)

-- :name account_named
select id, name, shown, role, office, iin from people.account where name = %(name)s and closed_at is null

-- :name account_ever_named
select id, name, shown, role, office, iin from people.account where name = %(name)s

-- :name iins_of
select iin from people.account where name = any(%(names)s)

-- :name account
select id, name, shown, role, office, iin from people.account where id = %(id)s and closed_at is null

-- :name account_of_iin
select id, name, shown, role, office, iin from people.account where iin = %(iin)s and closed_at is null order by made_at, name limit 1

-- :name name_taken
select true from people.account where name = %(name)s

-- :name state_iin
update people.account set iin = %(iin)s where id = %(id)s and iin is null

-- :name iin_taken
select true from people.account where iin = %(iin)s

-- :name close
update people.account set closed_at = %(at)s where id = %(id)s and closed_at is null

-- :name every
select a.id, a.name, a.shown, a.role, a.office, (select max(seen_at) from people.session s where s.account = a.id) as seen_at,
       (select count(*) from people.session s where s.account = a.id and ended_at is null and expires_at > %(at)s
        and seen_at > %(idle)s) as sessions,
       array(select organisation from people.delegation d where d.account = a.id and ended_at is null and first <= %(day)s
             and (last is null or last >= %(day)s) order by organisation) as organisations
from people.account a where closed_at is null and name > %(after)s order by name limit %(limit)s

-- :name delegate
insert into people.delegation(id, account, organisation, capacity, first, last, given_by, made_at)
values (%(id)s, %(account)s, %(organisation)s, %(capacity)s, %(first)s, %(last)s, %(given_by)s, %(at)s)

-- :name end_delegation
update people.delegation d set ended_at = %(at)s from people.account a
where d.id = %(id)s and ended_at is null and organisation = any(%(mine)s) and a.id = d.account
returning a.name, organisation

-- :name organisations_of
select organisation as bin, o.name, capacity, first, last, d.id from people.delegation d join people.organisation o on o.bin = organisation
where account = %(account)s and ended_at is null and first <= %(day)s and (last is null or last >= %(day)s)
order by o.name, capacity

-- :name delegates_of
select d.id, a.name, a.shown, capacity, first, last from people.delegation d join people.account a on a.id = account
where organisation = %(organisation)s and ended_at is null order by a.name

-- :name organisation
select bin, name from people.organisation where bin = %(bin)s

-- :name add_link
insert into people.link(secret, account, many, expires_at) values (%(secret)s, %(account)s, %(many)s, %(expires_at)s)

-- :name use_link
update people.link set used_at = %(at)s
where secret = %(secret)s and expires_at > %(at)s and (used_at is null or many) returning account

-- :name add_session
insert into people.session(secret, account, csrf, second_factor, made_at, seen_at, expires_at)
values (%(secret)s, %(account)s, %(csrf)s, %(second_factor)s, %(at)s, %(at)s, %(expires_at)s)

-- :name session
select secret, account, csrf, challenge, second_factor, seen_at, expires_at from people.session
where secret = %(secret)s and ended_at is null and expires_at > %(at)s

-- :name open_sessions
select left(encode(secret, 'hex'), 16) as id, made_at, seen_at from people.session
where account = %(account)s and ended_at is null and expires_at > %(at)s and seen_at > %(idle)s
order by made_at desc limit 50

-- :name end_own
update people.session set ended_at = %(at)s
where account = %(account)s and left(encode(secret, 'hex'), 16) = %(id)s and ended_at is null

-- :name saw_session
update people.session set seen_at = %(at)s, expires_at = least(expires_at, %(expires_at)s) where secret = %(secret)s

-- :name end_session
update people.session set ended_at = %(at)s where secret = %(secret)s and ended_at is null

-- :name end_sessions
update people.session set ended_at = %(at)s where account = %(account)s and ended_at is null

-- :name set_challenge
update people.session set challenge = %(challenge)s where secret = %(secret)s

-- :name password
select account, hash, failures, locked_until from people.password where account = %(account)s

-- :name set_password
insert into people.password(account, hash, made_at) values (%(account)s, %(hash)s, %(at)s)
on conflict (account) do update set hash = excluded.hash, made_at = excluded.made_at, failures = 0, locked_until = null

-- :name failed
update people.password set failures = failures + 1,
  locked_until = case when failures + 1 >= %(limit)s then %(until)s::timestamptz else locked_until end where account = %(account)s

-- :name not_failed
update people.password set failures = 0, locked_until = null where account = %(account)s and failures > 0

-- :name add_passkey
insert into people.passkey(id, account, public_key, count, name, made_at)
values (%(id)s, %(account)s, %(public_key)s, %(count)s, %(name)s, %(at)s)

-- :name passkeys
select id, account, public_key, count, name from people.passkey where account = %(account)s order by made_at

-- :name passkey
select id, account, public_key, count, name from people.passkey where id = %(id)s

-- :name count_passkey
update people.passkey set count = %(count)s where id = %(id)s

-- :name add_key
insert into people.api_key(id, secret, account, organisation, name, second_factor, made_at, expires_at)
values (%(id)s, %(secret)s, %(account)s, %(organisation)s, %(name)s, %(second_factor)s, %(at)s, %(expires_at)s)

-- :name keys_of
select id, name, organisation, made_at, expires_at from people.api_key
where account = %(account)s and ended_at is null and expires_at > %(at)s order by made_at desc, id

-- :name end_key
update people.api_key set ended_at = %(at)s where id = %(id)s and account = %(account)s and ended_at is null

-- :name key
select account, organisation, second_factor from people.api_key where secret = %(secret)s and ended_at is null and expires_at > %(at)s
