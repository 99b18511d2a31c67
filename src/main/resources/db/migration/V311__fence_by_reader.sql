-- The fence stands on the list of readers, as everywhere else, and no longer on the name of the role.
create or replace view catalog.aws_bedrock_model_invocation_job_input_faults with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       fault.uri,
       fault.line,
       fault.column_byte,
       fault.rule,
       fault.found
  from ledger.input_fault as fault
  join ledger.job on job.id = fault.job_id
 where job.account = any ((select catalog_store.readable_accounts())::text[]);
