-- What only a service that runs the jobs knows of them, as it is at this moment. With the rights of
-- its owner, because readers may not see the ledger; the fence is the condition on who has logged in,
-- which nobody can change, and the barrier keeps it before any condition of the reader's.
create view catalog.aws_bedrock_model_invocation_job_usage with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       job.status,
       job.started_at,
       case when job.total > 0 then job.total end as total_record_count,
       coalesce(by_shard.success, job.success) as success_record_count,
       coalesce(by_shard.error, job.error) as error_record_count,
       case when job.total > 0
            then job.total - coalesce(by_shard.success, job.success)
                           - coalesce(by_shard.error, job.error) end as remaining_record_count,
       coalesce(job.input_tokens, by_segment.input_tokens) as input_tokens,
       coalesce(job.output_tokens, by_segment.output_tokens) as output_tokens,
       coalesce(job.cache_read_tokens, by_segment.cache_read_tokens) as cache_read_tokens,
       coalesce(job.cache_write_tokens, by_segment.cache_write_tokens) as cache_write_tokens
  from ledger.job
  left join lateral (
       select sum(success)::bigint as success, sum(error)::bigint as error
         from ledger.shard
        where shard.job_id = job.id) as by_shard on true
  left join lateral (
       select sum(input_tokens)::bigint as input_tokens,
              sum(output_tokens)::bigint as output_tokens,
              sum(cache_read_tokens)::bigint as cache_read_tokens,
              sum(cache_write_tokens)::bigint as cache_write_tokens
         from ledger.segment
        where segment.job_id = job.id) as by_segment on true
 where job.account = (select substring(session_user::text from '^acct_([0-9]{12})$'));

comment on view catalog.aws_bedrock_model_invocation_job_usage
is 'How far each job of this service has come and what it has used, at this moment';
comment on column catalog.aws_bedrock_model_invocation_job_usage.job_arn is 'The job.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.account_id is 'The account that owns it.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.job_name is 'The name that the caller gave it.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.status is 'How far it has come.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.started_at is 'When its first record was due to be sent. Null if it never ran.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.total_record_count is 'How many records its input has. Null until they are counted.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.success_record_count is 'How many have an answer that is safely kept.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.error_record_count is 'How many have failed.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.remaining_record_count is 'How many have neither. Null until they are counted.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.input_tokens is 'Tokens that models have read. Null if no model server said.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.output_tokens is 'Tokens that models have written. Null if no model server said.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.cache_read_tokens is 'Of the input, tokens that came out of a server''s cache. Null if none said.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.cache_write_tokens is 'Of the input, tokens that went into a server''s cache. Null if none said.';
