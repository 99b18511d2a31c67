package bedload.ledger;

import bedload.database.Database;
import bedload.job.AccountId;

/** Jobs in numbers that no test could submit one by one, made by the database itself. */
final class ManyJobs {
  private static final String FILL =
      """
      insert into ledger.job (
             id, account, region, job_name, role_arn, model_id, invocation_type,
             input_uri, input_bucket_owner, output_uri, output_bucket_owner,
             timeout_seconds, tag_keys, tag_values, status, submitted_at, changed_at, deadline, model_key, ended_at, total, success)
      select substr(md5(number::text), 1, 12), '000000000000', 'us-east-1',
             case when number % 1000 = 7 then 'weekly-' else 'nightly-' end || number,
             'arn:aws:iam::000000000000:role/batch', 'amazon.titan-embed-text-v2:0', 'InvokeModel',
             's3://input/records-' || number || '.jsonl', '000000000000', 's3://output/', '000000000000',
             86400, '{team}', '{search}',
             case when number > :count - 100
                  then (array['Submitted', 'Validating', 'Scheduled', 'InProgress', 'Stopping'])[1 + number % 5]
                  when number % 100 = 0 then 'Failed'
                  when number % 1000 = 1 then 'Stopped'
                  when number % 1000 = 2 then 'Expired'
                  when number % 1000 = 3 then 'PartiallyCompleted'
                  else 'Completed' end,
             timestamptz '2026-01-01 00:00:00Z' + number * interval '10 seconds',
             timestamptz '2026-01-01 00:00:00Z' + number * interval '20 seconds',
             timestamptz '2026-01-02 00:00:00Z' + number * interval '10 seconds', 'amazon.titan-embed-text-v2:0',
             case when number <= :count - 100
                  then timestamptz '2026-01-01 00:00:00Z' + number * interval '20 seconds' end,
             100, 100
        from generate_series(1, :count) number
      """;

  private ManyJobs() {}

  /**
   * Makes jobs of one account, ten seconds apart: 1 of 1,000 has another name, 1 of 100 failed, the
   * last 100 have not ended.
   */
  static void fill(Database database, int count) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.createUpdate(FILL).bind("count", count).execute();
              NamePages.fold(handle, AccountId.DEFAULT, "us-east-1");
              handle.execute("vacuum analyze ledger.job, ledger.name_page");
            });
  }
}
