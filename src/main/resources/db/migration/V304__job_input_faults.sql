-- Why a job was refused, line by line. Fenced like the view of usage.
create view catalog.aws_bedrock_model_invocation_job_input_faults with (security_barrier = true) as
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
 where job.account = (select substring(session_user::text from '^acct_([0-9]{12})$'));

comment on view catalog.aws_bedrock_model_invocation_job_input_faults
is 'The lines of input for which a job was refused, the first thousand of each job';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.job_arn is 'The job.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.account_id is 'The account that owns it.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.job_name is 'The name that the caller gave it.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.uri is 'The input object.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.line is 'The line in it, counted from 1.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.column_byte is 'The place in the line, in bytes, counted from 1.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.rule is 'What a line must be.';
comment on column catalog.aws_bedrock_model_invocation_job_input_faults.found is 'What stands there, cut to a readable length.';
