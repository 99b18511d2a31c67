"""Reads the catalog by psycopg2 as a program would, and tries to write. The argument is the URL of a login."""
import sys

import psycopg2
import psycopg2.extras

connection = psycopg2.connect(sys.argv[1])
rows = connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
rows.execute(
    """
    select job_name, status, submit_time, tags, (input_data_config).s3_input_data_config.s3_uri as uri
      from aws_bedrock_model_invocation_job
     where status <> all(%s)
    """,
    (["Nothing"],),
)
found = rows.fetchall()
print("columns", [column.name for column in rows.description])
print("zoned", all(row["submit_time"].tzinfo is not None for row in found))

stream = connection.cursor(name="all_columns")
stream.itersize = 2
stream.execute("select table_name, column_name from catalog.columns")
print("streamed", sum(1 for _ in stream) > 100)
stream.close()

try:
    rows.execute("delete from aws_bedrock_model_invocation_job")
except psycopg2.Error as refused:
    print("refused", type(refused).__name__)
