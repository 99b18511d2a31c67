-- The cost of a job, from the price that it began under and the tokens that servers have counted.
create or replace view catalog.aws_bedrock_model_invocation_job_usage with (security_barrier = true) as
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
       used.input_tokens,
       used.output_tokens,
       used.cache_read_tokens,
       used.cache_write_tokens,
       job.input_price,
       job.output_price,
       job.cache_read_price,
       job.cache_write_price,
       ledger.cost(used.input_tokens, used.output_tokens, used.cache_read_tokens, used.cache_write_tokens,
                   job.input_price, job.output_price, job.cache_read_price, job.cache_write_price)
         as cost
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
 cross join lateral (
       select coalesce(job.input_tokens, by_segment.input_tokens) as input_tokens,
              coalesce(job.output_tokens, by_segment.output_tokens) as output_tokens,
              coalesce(job.cache_read_tokens, by_segment.cache_read_tokens) as cache_read_tokens,
              coalesce(job.cache_write_tokens, by_segment.cache_write_tokens) as cache_write_tokens) as used
 where job.account = any ((select catalog_store.readable_accounts())::text[]);

comment on column catalog.aws_bedrock_model_invocation_job_usage.input_price is 'What a million input tokens cost when the job began, in the operator''s currency. Null if nobody said, or it has not begun.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.output_price is 'What a million output tokens cost then.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.cache_read_price is 'What a million tokens out of a cache cost then.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.cache_write_price is 'What a million tokens into a cache cost then.';
comment on column catalog.aws_bedrock_model_invocation_job_usage.cost is 'What the counted tokens cost at those prices. Null if a price or the tokens in or out are not known.';
