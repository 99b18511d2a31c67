"""Calls what it is told to, line by line: {"operation", "input"} in, {"output"} or {"fault", "message", ...} out."""

import datetime
import json
import sys

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

url, s3_url, region, key, secret, attempts = sys.argv[1:]
own = dict(
    region_name=region,
    aws_access_key_id=key,
    aws_secret_access_key=secret,
    config=Config(retries={"total_max_attempts": int(attempts)}),
)
bedrock = boto3.client("bedrock", endpoint_url=url, **own)
s3 = boto3.client("s3", endpoint_url=s3_url, **own)


def wire(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(type(value))


def call(operation, members):
    try:
        client = s3 if "Bucket" in members else bedrock
        output = getattr(client, botocore.xform_name(operation))(**members)
        output.pop("ResponseMetadata")
        if operation == "GetObject":
            output["Body"] = output["Body"].read().decode()
        return {"output": output}
    except ClientError as failure:
        # A typed exception is a class of the client's own; all else is a plain ClientError.
        name = "untyped" if type(failure) is ClientError else type(failure).__name__
        return {"fault": name, **failure.response["Error"], **failure.response, "message": str(failure)}


print(json.dumps({"version": boto3.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(call(request["operation"], request["input"]), default=wire), flush=True)
