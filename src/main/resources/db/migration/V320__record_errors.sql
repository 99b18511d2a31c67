-- The records of a job that failed: of each code the first two thousand that were recorded, kept as
-- long as the job is.
create table ledger.record_error (
  job_id    text not null references ledger.job (id),
  input     int not null,
  line      bigint not null,                          -- which record of its input object, from 1
  record_id text not null,                            -- as in the output line
  code      int not null,
  message   text not null,
  calls     int,                                      -- null: nobody knows any more
  at        timestamptz not null,                     -- when it was recorded
  primary key (job_id, input, line),
  foreign key (job_id, input) references ledger.input (job_id, number)
);

-- How many there are of each code, without a limit.
create table ledger.record_error_count (
  job_id  text not null references ledger.job (id),
  code    int not null,
  records bigint not null,
  primary key (job_id, code)
);

-- Fenced like the view of usage.
create view catalog.aws_bedrock_model_invocation_job_errors with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       error.record_id,
       input.uri,
       error.line,
       error.code,
       error.message,
       error.calls as attempts,
       error.at
  from ledger.record_error as error
  join ledger.job on job.id = error.job_id
  join ledger.input on input.job_id = error.job_id and input.number = error.input
 where job.account = any ((select catalog_store.readable_accounts())::text[]);

comment on view catalog.aws_bedrock_model_invocation_job_errors
is 'The records of this service''s jobs that failed, there while the job runs: of each code the first two thousand of a job';
comment on column catalog.aws_bedrock_model_invocation_job_errors.job_arn is 'The job.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.account_id is 'The account that owns it.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.job_name is 'The name that the caller gave it.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.record_id is 'The record, as in the output.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.uri is 'The input object.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.line is 'Which of its lines, counted from 1; blank ones do not count.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.code is 'What kind of failure, as in the output: 400, 424, 429, 500 or 503.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.message is 'What the model server said, or what befell the call. May quote input.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.attempts is 'How many calls were made for it. Null if a crash made that unknown.';
comment on column catalog.aws_bedrock_model_invocation_job_errors.at is 'When it was recorded, seconds after it failed.';

create view catalog.aws_bedrock_model_invocation_job_error_counts with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       count.code,
       count.records as record_count
  from ledger.record_error_count as count
  join ledger.job on job.id = count.job_id
 where job.account = any ((select catalog_store.readable_accounts())::text[]);

comment on view catalog.aws_bedrock_model_invocation_job_error_counts
is 'How many records of each job of this service have failed, by code, exactly and while it runs';
comment on column catalog.aws_bedrock_model_invocation_job_error_counts.job_arn is 'The job.';
comment on column catalog.aws_bedrock_model_invocation_job_error_counts.account_id is 'The account that owns it.';
comment on column catalog.aws_bedrock_model_invocation_job_error_counts.job_name is 'The name that the caller gave it.';
comment on column catalog.aws_bedrock_model_invocation_job_error_counts.code is 'What kind of failure: 400, 424, 429, 500 or 503.';
comment on column catalog.aws_bedrock_model_invocation_job_error_counts.record_count is 'How many records failed so.';
