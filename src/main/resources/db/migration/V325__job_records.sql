-- Records of jobs in SQL, read from the jobs' outputs when somebody asks. A copy for a while: what is lost is read again.
create unlogged table catalog_store.record_load (
  job_id       text primary key,
  account      text not null,
  state        text not null check (state in ('Loading', 'Loaded', 'Refused')),
  first_record bigint not null,                       -- which records of the output, counted over all its objects from 1
  last_record  bigint not null,
  size_bytes   bigint not null default 0,
  trouble      text,                                  -- why it was refused
  at           timestamptz not null                   -- when it came to this state; names the load, too
);

create unlogged table catalog_store.record (
  job_id        text not null references catalog_store.record_load (job_id) on delete cascade,
  number        bigint not null,
  output_uri    text not null,
  record_id     text not null,
  model_input   jsonb not null,
  model_output  jsonb,
  error_code    int,
  error_message text,
  primary key (job_id, number)
);

-- What somebody waits for at this moment. A session that only reads can leave no row, but it can call itself by a name which
-- everybody sees at once; a job's id is in it as a digest, for others see the name, too. Who asks is who has logged in.
create view catalog_store.record_request as
select distinct job.account, job.region, job.id as job_id, asked.first_record, asked.last_record
  from (select usename,
               split_part(application_name, ' ', 2) as ticket,
               split_part(application_name, ' ', 3)::bigint as first_record,
               split_part(application_name, ' ', 4)::bigint as last_record
          from pg_stat_activity
         where datname = current_database()
           and application_name ~ '^records [0-9a-f]{20} [0-9]{1,15} [0-9]{1,15}$'
        offset 0) as asked
  join catalog_store.reader on reader.role = asked.usename
 -- Lateral, so that jobs are looked through only if somebody asks.
 cross join lateral (
       select account, region, id
         from ledger.job
        where job.account = reader.account
          and substr(encode(sha256(convert_to(id, 'UTF8')), 'hex'), 1, 20) = asked.ticket
       offset 0) as job;

create function catalog.aws_bedrock_model_invocation_job_records(
  job text, first_record bigint default 1, last_record bigint default null)
returns table (
  job_arn text, account_id text, record_number bigint, record_id text,
  model_input jsonb, model_output jsonb, error_code int, error_message text, output_uri text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  most      constant bigint := 100000;
  called    constant text := current_setting('application_name');
  give_up   constant timestamptz := clock_timestamp() + interval '25 seconds';
  wanted    record;
  there     record;
  last      bigint;
  sees      boolean;
begin
  select owned.id, owned.account, owned.status, owned.total,
         'arn:aws:bedrock:' || owned.region || ':' || owned.account || ':model-invocation-job/' || owned.id as arn
    into wanted
    from ledger.job as owned
   where owned.id = right($1, 12)
     and $1 in (owned.id, 'arn:aws:bedrock:' || owned.region || ':' || owned.account || ':model-invocation-job/' || owned.id)
     and owned.account = any (catalog_store.readable_accounts());
  if wanted.id is null then
    raise exception 'No job of this service that you may see is called ''%''', left($1, 200)
      using hint = 'Give a job''s ARN or its id. Records of jobs that were collected from elsewhere are not here.';
  end if;
  if wanted.status not in ('Completed', 'PartiallyCompleted', 'Stopped') then
    raise exception 'Job % is %, and records are there once a job has ended with an output', wanted.id, wanted.status
      using hint = 'What failed so far is in aws_bedrock_model_invocation_job_errors.';
  end if;
  last := coalesce($3, wanted.total);
  if $2 is null or $2 < 1 or last - $2 >= most then
    raise exception 'Job % has % records, and % can be asked for at once', wanted.id, wanted.total, most
      using hint = 'Ask for a part, such as aws_bedrock_model_invocation_job_records(''' || wanted.id || ''', 1, 50000).';
  end if;
  loop
    select * into there from catalog_store.record_load as load where load.job_id = wanted.id;
    if there.state = 'Loaded' and there.first_record <= $2 and there.last_record >= last then
      exit;
    end if;
    if there.state = 'Refused' and there.first_record = $2 and there.last_record = last
       and there.at > clock_timestamp() - interval '5 seconds' then
      raise exception '%', there.trouble;
    end if;
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'Records that nobody has asked for of late are read only in a transaction of isolation read committed';
    end if;
    if clock_timestamp() > give_up then
      raise exception 'The records of job % are still being read from its output', wanted.id
        using hint = 'Ask again in a moment.';
    end if;
    perform set_config('application_name',
                       'records ' || substr(encode(sha256(convert_to(wanted.id, 'UTF8')), 'hex'), 1, 20)
                       || ' ' || $2 || ' ' || greatest(last, 0), true);
    perform pg_sleep(0.1);
  end loop;
  perform set_config('application_name', called, true);
  sees := wanted.account = any (catalog_store.unmasked_accounts());
  return query
    select wanted.arn, wanted.account, kept.number, kept.record_id,
           case when sees then kept.model_input else to_jsonb('(masked)'::text) end,
           case when sees or kept.model_output is null then kept.model_output else to_jsonb('(masked)'::text) end,
           kept.error_code,
           case when sees or kept.error_message is null then kept.error_message else '(masked)' end,
           kept.output_uri
      from catalog_store.record as kept
     where kept.job_id = wanted.id
       and kept.number between $2 and last
     order by kept.number;
end;
$$;

comment on function catalog.aws_bedrock_model_invocation_job_records(text, bigint, bigint)
is 'The records of a job of this service that has ended, in the order of its output: all of them, or from one number to another';
