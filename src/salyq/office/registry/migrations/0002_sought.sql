-- Names of public registers as they are searched. Row-level security keeps an index on similarity from being used (the
-- operator is not leakproof), so what is public anyway stands here, and the spans are joined under their policies.
create table registry.sought (
  register text not null,
  number text not null,
  key text not null,
  primary key (register, number, key)
);
create index sought_key on registry.sought using gin (key gin_trgm_ops);
call store.keep('registry.sought');
grant select, insert on registry.sought to salyq_web, salyq_work;
insert into registry.sought(register, number, key) select distinct register, number, key from registry.span where public;
