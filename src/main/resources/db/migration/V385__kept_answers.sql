-- Answers that the object store refuses stay in the journal of the node that has them, and with them their shard.
alter table ledger.shard
  add column kept_by text;

comment on column ledger.shard.kept_by
is 'The node whose journal alone has answers of the shard: no other takes it while that one lives. Null while there are none.';
