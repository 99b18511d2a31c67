-- The books of the service: jobs, what they were cut into, what is durable of them, and who does what next.
create schema ledger;

create table ledger.job (
  id                    text primary key check (id ~ '^[a-z0-9]{12}$'),
  account               text not null check (account ~ '^[0-9]{12}$'),
  region                text not null,
  job_name              text not null,
  role_arn              text not null,
  model_id              text not null,                -- as sent: an id or an ARN
  invocation_type       text not null,
  input_uri             text not null,
  input_format          text,                         -- null: not sent, and not echoed
  input_bucket_owner    text not null,
  output_uri            text not null,
  output_encryption_key text,
  output_bucket_owner   text not null,
  client_request_token  text,
  subnet_ids            text[],                       -- null together with security_group_ids: no VPC was named
  security_group_ids    text[],
  timeout_seconds       bigint not null,
  tag_keys              text[] not null,              -- in the order sent, paired with tag_values
  tag_values            text[] not null,
  status                text not null,
  message               text,
  submitted_at          timestamptz not null,
  changed_at            timestamptz not null,         -- when the status last moved
  started_at            timestamptz,                  -- when it went InProgress; null: never ran
  ended_at              timestamptz,
  timed_out             boolean not null default false, -- the timeout came while it ran: wind down, keep what is done
  total                 bigint not null default 0,    -- records; 0 until validation has counted
  success               bigint not null default 0,    -- final figures; while shards exist, theirs are summed instead
  error                 bigint not null default 0,
  input_tokens          bigint,                       -- null: no server said
  output_tokens         bigint,
  cache_read_tokens     bigint,
  cache_write_tokens    bigint
);

-- The same client token gives the same job, whatever races.
create unique index job_token on ledger.job (account, region, client_request_token)
  where client_request_token is not null;

-- A name is taken until its job has ended.
create unique index job_live_name on ledger.job (account, region, job_name)
  where status not in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired');

create index job_list on ledger.job (account, region, submitted_at, id);

-- Every step of every job, as the job stood after it; the catalog is fed from here.
create table ledger.job_event (
  sequence   bigint generated always as identity primary key,
  job_id     text not null references ledger.job (id),
  at         timestamptz not null,
  status     text not null,
  message    text,
  ended_at   timestamptz,
  total      bigint not null,
  success    bigint not null,
  error      bigint not null,
  collected  boolean not null default false            -- the catalog has it
);

create index job_event_uncollected on ledger.job_event (sequence) where not collected;
create index job_event_of_job on ledger.job_event (job_id, sequence);

create table ledger.input (
  job_id        text not null references ledger.job (id),
  number        int not null,
  uri           text not null,
  relative_name text not null,                        -- below the job's input prefix; names the output
  size_bytes    bigint not null,
  etag          text not null,                        -- the object must still be the one that was validated
  records       bigint not null,
  primary key (job_id, number)
);

create table ledger.shard (
  job_id        text not null references ledger.job (id),
  number        int not null,
  input         int not null,
  first_byte    bigint not null,
  end_byte      bigint not null,                      -- the first byte that is not its own
  first_ordinal bigint not null,
  records       int not null,
  state         text not null default 'Ready' check (state in ('Ready', 'Running', 'Done', 'Left')),
  epoch         int not null default 0,               -- raised by every claim: the fence
  node          text,                                 -- who claimed last
  success       int not null default 0,
  error         int not null default 0,
  primary key (job_id, number),
  foreign key (job_id, input) references ledger.input (job_id, number)
) with (fillfactor = 70);

-- A durable object that holds finished output lines of one shard, in the order of their ordinals.
create table ledger.segment (
  job_id             text not null,
  shard              int not null,
  epoch              int not null,                    -- of the claim that wrote the object, not of the one that recorded it
  sequence           int not null,
  ordinals           bytea not null,                  -- which records of the shard: bit n of byte n/8
  success            int not null,
  error              int not null,
  size_bytes         bigint not null,
  crc32c             bigint not null,                 -- of the object's bytes
  input_tokens       bigint,
  output_tokens      bigint,
  cache_read_tokens  bigint,
  cache_write_tokens bigint,
  primary key (job_id, shard, epoch, sequence),
  foreign key (job_id, shard) references ledger.shard (job_id, number)
);

-- What is to be done next for a job, one row a step; the form is db-scheduler's.
create table ledger.task (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index task_due on ledger.task (execution_time);
create index task_heartbeat on ledger.task (last_heartbeat);

-- Shards run for minutes: a queue of their own keeps them from holding up the short steps.
create table ledger.shard_task (like ledger.task including all);
