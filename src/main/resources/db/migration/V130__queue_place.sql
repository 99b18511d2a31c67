-- Where each job that has not ended stands, as it was reckoned a moment ago. Nothing here is a truth of its own: it is made
-- anew every few seconds, so it need not survive a crash.
create unlogged table ledger.queue_place (
  job_id             text primary key,
  position           int,                             -- 1 is the next among the waiting jobs of its model or account; null: it runs
  ahead_records      bigint,                          -- still to be done of those before it, running ones included; null: it runs
  estimated_start    timestamptz,                     -- null: it runs, or no pace is known, or its time is over before its turn
  estimated_end      timestamptz,                     -- null: no pace is known
  records_per_second double precision,                -- of this job alone; null: it waits, or has done nothing yet
  processed          bigint not null,                 -- what was done of it by then, to measure against the next time
  estimated_at       timestamptz not null
);

-- How fast a model's jobs went when any last ran.
create unlogged table ledger.model_pace (
  model_key          text primary key,
  records_per_second double precision not null,       -- of all its jobs together
  measured_from      timestamptz not null,            -- when it began to be measured without a break
  measured_at        timestamptz not null
);
