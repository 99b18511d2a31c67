-- Who is told of the steps of jobs, and what they are still to be told.
create table ledger.audience (
  name         text primary key,                      -- 'file' or 'webhook'
  teller       text,                                  -- the node that tells it just now
  leased_until timestamptz,                           -- until when no other node may; null: any may
  not_before   timestamptz not null default '-infinity', -- it takes nothing at present: try again then
  failures     int not null default 0                 -- in a row, of the audience as a whole
);

-- Written in the transaction of the step, removed when the audience has it.
create table ledger.announcement (
  audience   text not null,                           -- no reference: a step must not fail because an audience leaves
  sequence   bigint not null references ledger.job_event (sequence),
  job_id     text not null,
  not_before timestamptz not null default '-infinity', -- this one was refused: try again then
  refusals   int not null default 0,
  primary key (audience, sequence)
);

-- Steps of one job are told in their order.
create index announcement_of_job on ledger.announcement (audience, job_id, sequence);
