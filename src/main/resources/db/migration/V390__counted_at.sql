-- When answers of a shard were last counted: they are counted some seconds' worth at once, and a
-- pace is right only from one such moment to another.
alter table ledger.shard add column counted_at timestamptz;
