-- What failed in a job and is being made into a new job. The failed records are copied by whichever
-- node takes the row; one that dies leaves it to the next when its lease has passed.
create table ledger.rerun (
  job_id       text primary key references ledger.job (id),
  stamp        text not null,                          -- names the new job and the folder of its input
  asked_at     timestamptz not null,
  records      bigint not null default 0,              -- copied so far
  leased_until timestamptz not null default '-infinity',
  attempts     int not null default 0,
  made         text references ledger.job (id),        -- the new job; null while it is not made
  message      text,                                   -- why there is none; null if there is or will be
  ended_at     timestamptz                             -- null while records are copied
);

create index rerun_open on ledger.rerun (asked_at) where ended_at is null;
