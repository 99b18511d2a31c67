-- Where the jobs that have not ended stand. Fenced like the view of usage; of others' jobs it tells no more than how many
-- records are before one's own.
create view catalog.aws_bedrock_model_invocation_job_queue with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       job.status,
       place.position,
       place.ahead_records as ahead_record_count,
       place.estimated_start,
       place.estimated_end,
       case when job.total > 0 then job.total end as total_record_count,
       coalesce(by_shard.success, job.success) as success_record_count,
       coalesce(by_shard.error, job.error) as error_record_count,
       place.records_per_second,
       place.estimated_at
  from ledger.job
  left join ledger.queue_place as place on place.job_id = job.id
  left join lateral (
       select sum(success)::bigint as success, sum(error)::bigint as error
         from ledger.shard
        where shard.job_id = job.id) as by_shard on true
 where job.account = any ((select catalog_store.readable_accounts())::text[])
   and job.status not in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired');

comment on view catalog.aws_bedrock_model_invocation_job_queue
is 'Where each job of this service that has not ended stands: its place in the queue, and when it should start and end';
comment on column catalog.aws_bedrock_model_invocation_job_queue.job_arn is 'The job.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.account_id is 'The account that owns it.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.job_name is 'The name that the caller gave it.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.status is 'How far it has come.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.position is 'Its place among the jobs that wait for the same model or belong to the same account; 1 starts next. Null if it does not wait in the queue.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.ahead_record_count is 'How many records are still to be done of the jobs before it, running ones included. Null if it does not wait in the queue.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.estimated_start is 'When it should start, by the pace of late. Null if it runs, if no pace is known, or if its time is over before its turn comes.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.estimated_end is 'When it should end, at its timeout at the latest. Null if no pace is known.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.total_record_count is 'How many records its input has. Null until they are counted.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.success_record_count is 'How many have an answer that is safely kept.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.error_record_count is 'How many have failed.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.records_per_second is 'How many of its records are done a second, of late. Null if none was yet.';
comment on column catalog.aws_bedrock_model_invocation_job_queue.estimated_at is 'When place and estimates were reckoned. Null if they were not yet.';
