alter table ledger.shard
  add column pause text;

comment on column ledger.shard.pause
is 'Why the node that holds the shard makes no calls for it at present, as a sentence for the job''s owner. Null if it does.';
