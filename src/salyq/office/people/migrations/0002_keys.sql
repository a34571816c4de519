-- A key for programs can be named without its secret, and says whether whoever made it had shown a second factor then.
alter table people.api_key add column id uuid not null unique default gen_random_uuid();
alter table people.api_key add column second_factor boolean not null default false;
create index api_key_account on people.api_key(account);
