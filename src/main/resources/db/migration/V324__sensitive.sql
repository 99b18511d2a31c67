-- Which readers see what a user fed. An account has two roles: its own, and one that is given to people who shall see rows
-- but no texts out of them.
alter table catalog_store.reader add column sees_sensitive boolean not null default true;
alter table catalog_store.reader drop constraint reader_pkey;
alter table catalog_store.reader add primary key (role, account);
drop index catalog_store.reader__role;

-- As readable_accounts: by who has logged in, with the rights of its owner.
create function catalog_store.unmasked_accounts()
returns text[]
language sql
stable
parallel safe
security definer
begin atomic
  select coalesce(pg_catalog.array_agg(account), '{}')
    from catalog_store.reader
   where role = session_user::text
     and sees_sensitive;
end;

comment on function catalog_store.unmasked_accounts()
is 'The accounts whose sensitive columns the role that has logged in may see';

create or replace view catalog.aws_bedrock_model_invocation_job_input_faults with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       fault.uri,
       fault.line,
       fault.column_byte,
       fault.rule,
       case when job.account = any ((select catalog_store.unmasked_accounts())::text[]) then fault.found
            when fault.found is not null then '(masked)' end as found
  from ledger.input_fault as fault
  join ledger.job on job.id = fault.job_id
 where job.account = any ((select catalog_store.readable_accounts())::text[]);

create or replace view catalog.aws_bedrock_model_invocation_job_errors with (security_barrier = true) as
select 'arn:aws:bedrock:' || job.region || ':' || job.account || ':model-invocation-job/' || job.id
         as job_arn,
       job.account as account_id,
       job.job_name,
       error.record_id,
       input.uri,
       error.line,
       error.code,
       case when job.account = any ((select catalog_store.unmasked_accounts())::text[]) then error.message
            when error.message is not null then '(masked)' end as message,
       error.calls as attempts,
       error.at
  from ledger.record_error as error
  join ledger.job on job.id = error.job_id
  join ledger.input on input.job_id = error.job_id and input.number = error.input
 where job.account = any ((select catalog_store.readable_accounts())::text[]);

create or replace view catalog.columns as
with shown as (
  select relname::text as table_name,
         attname::text as column_name,
         attnum::int as position,
         pg_catalog.format_type(atttypid, atttypmod) as sql_type,
         pg_catalog.col_description(attrelid, attnum) as description
    from pg_catalog.pg_class
    join pg_catalog.pg_attribute on attrelid = pg_class.oid
   where relnamespace = 'catalog'::pg_catalog.regnamespace
     and relkind = 'v'
     and attnum > 0
     and not attisdropped
)
select shown.table_name, shown.column_name, shown.position, shown.sql_type,
       documented.documented_type, documented.provider_name,
       exists (select from catalog_store.documented_column as origin
                where origin.sensitive
                  and origin.column_name = shown.column_name
                  and shown.table_name in (origin.table_name, origin.table_name || '_history'))
       or (shown.table_name, shown.column_name) in (
            values ('aws_bedrock_model_invocation_job_errors', 'message'),
                   ('aws_bedrock_model_invocation_job_input_faults', 'found')) as sensitive,
       shown.description
  from shown
  left join catalog_store.documented_column as documented using (table_name, column_name)
 union all
select table_name, column_name, position, null, documented_type, provider_name, sensitive,
       description
  from catalog_store.documented_column
 where column_name like '%.%';

comment on column catalog.columns.sensitive is 'Whether its text may quote what a user fed. Readers without the right to it see (masked).';
