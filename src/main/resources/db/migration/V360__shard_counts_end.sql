-- Once a job has ended its figures stand in its own row. Its shards, which are still there until it is swept, count no more:
-- a sum over nulls is null, and whoever reads a job takes its own figures then.
alter table ledger.shard
  alter column success drop not null,
  alter column error drop not null;

comment on column ledger.shard.success is 'Records that were answered and are durable. Null once the job has ended.';
comment on column ledger.shard.error is 'Records that failed for good. Null once the job has ended.';

update ledger.shard
   set success = null, error = null, pause = null
  from ledger.job
 where job.id = shard.job_id
   and job.status in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired');
