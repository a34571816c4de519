-- A card can be named without the digest of its number: beside the digits that are shown, a digest gives the number away.
alter table pilots.card add column id uuid not null unique default gen_random_uuid();
