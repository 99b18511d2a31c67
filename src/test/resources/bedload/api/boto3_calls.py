"""Calls every job operation through boto3 and prints what came back as one JSON object."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url, region, key, secret, model, account = sys.argv[1:]
bedrock = boto3.client(
    "bedrock",
    endpoint_url=url,
    region_name=region,
    aws_access_key_id=key,
    aws_secret_access_key=secret,
    config=Config(retries={"total_max_attempts": 1}),
)


def create(name, **more):
    return bedrock.create_model_invocation_job(
        jobName=name,
        roleArn=f"arn:aws:iam::{account}:role/batch",
        modelId=model,
        inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://bkt-in/x.jsonl"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://bkt-out/p/"}},
        **more,
    )


def error(call):
    try:
        call()
    except ClientError as failure:
        return [type(failure).__name__, failure.response["Error"]["Code"], str(failure)]
    return ["none", "", ""]


created = create("boto-1", modelInvocationType="Converse", tags=[{"key": "a b", "value": "c"}])
arn = created["jobArn"]
create("boto-2+x.y")
job = bedrock.get_model_invocation_job(jobIdentifier=arn)
bare = bedrock.get_model_invocation_job(jobIdentifier=arn.rsplit("/", 1)[1])
pages = bedrock.get_paginator("list_model_invocation_jobs").paginate(
    nameContains="boto", sortOrder="Ascending", submitTimeAfter=job["submitTime"], maxResults=1
)
names = [summary["jobName"] for page in pages for summary in page["invocationJobSummaries"]]
bedrock.stop_model_invocation_job(jobIdentifier=arn)
stopped = bedrock.get_model_invocation_job(jobIdentifier=arn)

print(
    json.dumps(
        {
            "httpStatus": created["ResponseMetadata"]["HTTPStatusCode"],
            "requestId": created["ResponseMetadata"]["RequestId"],
            "type": job["modelInvocationType"],
            "counts": [
                job[name + "RecordCount"] for name in ("total", "processed", "success", "error")
            ],
            "submitTime": job["submitTime"].isoformat(),
            "sameJob": bare["jobArn"] == arn,
            "names": names,
            "statusAfterStop": stopped["status"],
            "takenName": error(lambda: create("boto-1")),
            "badName": error(lambda: create("a_b")),
            "unknownJob": error(
                lambda: bedrock.get_model_invocation_job(jobIdentifier="000000000000")
            ),
        }
    )
)
