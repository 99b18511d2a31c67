"""What a user does with boto3 alone. Arguments: a folder to work in, the id of a slow chat model."""

import json
import sys
import time

import boto3

slow_model = sys.argv[2]
bedrock = boto3.client("bedrock")
s3 = boto3.client("s3")
role = "arn:aws:iam::000000000000:role/any"


def create(name, model, key, records):
    body = "".join(json.dumps(record) + "\n" for record in records)
    s3.put_object(Bucket="boto3-story", Key=key, Body=body.encode())
    return bedrock.create_model_invocation_job(
        jobName=name,
        modelId=model,
        roleArn=role,
        inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://boto3-story/{key}"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://boto3-story/out/"}},
    )["jobArn"]


def await_status(arn, wanted):
    for _ in range(600):
        status = bedrock.get_model_invocation_job(jobIdentifier=arn)["status"]
        if status == wanted:
            return
        if status in ("Completed", "Failed", "Stopped", "Expired", "PartiallyCompleted"):
            break
        time.sleep(0.2)
    raise SystemExit(f"job {arn} is {status}, not {wanted}")


s3.create_bucket(Bucket="boto3-story")
records = [
    {"recordId": f"b{i}", "modelInput": {"inputText": f"Line {i} of the second story."}} for i in range(100)
]
arn = create("boto3-story", "amazon.titan-embed-text-v2:0", "in/input.jsonl", records)
await_status(arn, "Completed")
job_id = arn.split("/")[-1]
output = s3.get_object(Bucket="boto3-story", Key=f"out/{job_id}/input.jsonl.out")["Body"].read()
lines = [json.loads(line) for line in output.splitlines()]
print("in order", [line["recordId"] for line in lines] == [record["recordId"] for record in records])
print("dimensions", {len(line["modelOutput"]["embedding"]) for line in lines})
names = [
    job["jobName"]
    for page in bedrock.get_paginator("list_model_invocation_jobs").paginate(maxResults=1)
    for job in page["invocationJobSummaries"]
]
print("listed", "boto3-story" in names)

slow = create(
    "boto3-slow",
    slow_model,
    "in/slow.jsonl",
    [{"modelInput": {"messages": [{"role": "user", "content": f"question {i}"}]}} for i in range(3000)],
)
await_status(slow, "InProgress")
time.sleep(4)
began = time.monotonic()
bedrock.stop_model_invocation_job(jobIdentifier=slow)
await_status(slow, "Stopped")
print(f"stopped in {time.monotonic() - began:.1f} s")
counts = json.loads(
    s3.get_object(Bucket="boto3-story", Key=f"out/{slow.split('/')[-1]}/manifest.json.out")["Body"].read()
)
print("partial", 0 < counts["processedRecordCount"] < counts["totalRecordCount"] == 3000)
try:
    bedrock.stop_model_invocation_job(jobIdentifier=slow)
except bedrock.exceptions.ValidationException as refused:
    print("refused", refused)
