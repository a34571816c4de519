-- Whose account it is may be said later, once (people/accounts.py).
grant update (iin) on people.account to salyq_work;
create index account_iin on people.account(iin);
