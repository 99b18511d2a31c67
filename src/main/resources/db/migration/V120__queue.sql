-- The queue: what its choice among waiting jobs needs.
alter table ledger.job
  add column deadline  timestamptz,                   -- when the timeout comes; only a test clock moves it off submitted_at + timeout
  add column model_key text,                          -- the bare model id: one limit for it, whether it was sent as an id or an ARN
  add column asked_end text check (asked_end in ('PartiallyCompleted', 'Stopped')); -- the end that a test clock brings about when the shards that were let run are done; null: none

update ledger.job
   set deadline = submitted_at + timeout_seconds * interval '1 second',
       model_key = case when model_id like 'arn:%' then substr(model_id, strpos(model_id, '/') + 1) else model_id end;

alter table ledger.job
  alter column deadline set not null,
  alter column model_key set not null;

create index job_active on ledger.job (status, account)
  where status in ('Scheduled', 'InProgress', 'Stopping');

-- When an account was last served.
create index job_started on ledger.job (account, started_at);
