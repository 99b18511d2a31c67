-- Tags may change as long as there is a ledger; what a client token is compared with may not.
alter table ledger.job
  add column asked_tag_keys   text[],                 -- the tags that the job was asked for with; null: no tag has changed since
  add column asked_tag_values text[];

alter table ledger.job_event
  add column tagged_at timestamptz;                   -- when tags changed, if that is what happened; null: the status moved
