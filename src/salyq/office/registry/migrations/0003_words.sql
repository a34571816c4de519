-- Search by words. A name's key falls into words; each word is kept once in the vocabulary of its register, with its
-- bones (the consonants, which the alphabets agree on), and once for every record that has it. A search then compares a
-- few hundred words of the vocabulary, and not the names of all records.
create function registry.bones(word text) returns text language sql immutable strict parallel safe
return case when translate(word, 'aeiouy', '') = '' then word else translate(word, 'aeiouy', '') end;

create table registry.vocabulary (
  register text not null,
  word text collate "C" not null,
  bones text collate "C" generated always as (registry.bones(word)) stored,
  primary key (register, word)
);
create index vocabulary_bones on registry.vocabulary(register, bones);
create index vocabulary_alike on registry.vocabulary using gin (word gin_trgm_ops);

create table registry.word (
  register text not null,
  word text collate "C" not null,
  number text not null,
  primary key (register, word, number)
);
create index word_of_record on registry.word(register, number, word);

call store.keep('registry.vocabulary');
call store.keep('registry.word');
grant select, insert on registry.vocabulary, registry.word to salyq_web, salyq_work;

insert into registry.word(register, word, number)
select distinct register, w, number from registry.sought, unnest(string_to_array(key, ' ')) w where w <> '';
insert into registry.vocabulary(register, word) select distinct register, word from registry.word;

-- Numbers are searched by any part of them; names no longer by the whole key.
drop index registry.sought_key;
drop index registry.span_key;
create index sought_number on registry.sought using gin (number gin_trgm_ops);
-- The list of a register is counted from this index alone.
create index span_count on registry.span(register, valid) where upper_inf(recorded);
