# What a user does with the AWS CLI alone. Arguments: a folder to work in, the id of a slow chat model.
set -euo pipefail
cd "$1"
slow_model=$2
role=arn:aws:iam::000000000000:role/any

status_of() {
  aws bedrock get-model-invocation-job --job-identifier "$1" --query status --output text
}

await_status() {
  for _ in $(seq 600); do
    status=$(status_of "$1")
    case $status in
      "$2") return 0 ;;
      Completed | Failed | Stopped | Expired | PartiallyCompleted) break ;;
    esac
    sleep 0.2
  done
  echo "job $1 is $status, not $2" >&2
  aws bedrock get-model-invocation-job --job-identifier "$1" >&2
  return 1
}

for i in $(seq 100); do
  echo "{\"recordId\":\"s$i\",\"modelInput\":{\"inputText\":\"Sentence number $i of a short story.\"}}"
done >input.jsonl
aws s3 mb s3://cli-story
aws s3 cp input.jsonl s3://cli-story/in/input.jsonl

arn=$(aws bedrock create-model-invocation-job --job-name story --model-id amazon.titan-embed-text-v2:0 --role-arn $role \
  --input-data-config 's3InputDataConfig={s3Uri=s3://cli-story/in/input.jsonl}' \
  --output-data-config 's3OutputDataConfig={s3Uri=s3://cli-story/out/}' \
  --tags key=team,value=data --query jobArn --output text)
echo "created $arn"
await_status "$arn" Completed
aws bedrock list-model-invocation-jobs --status-equals Completed --query 'invocationJobSummaries[].jobName' --output text
aws s3 cp --recursive s3://cli-story/out/ results
echo "lines $(cat results/*/input.jsonl.out | wc -l)"
echo "manifest $(cat results/*/manifest.json.out)"

for i in $(seq 3000); do
  echo "{\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"question $i\"}]}}"
done >slow.jsonl
aws s3 cp slow.jsonl s3://cli-story/in/slow.jsonl
arn=$(aws bedrock create-model-invocation-job --job-name slow --model-id "$slow_model" --role-arn $role \
  --input-data-config 's3InputDataConfig={s3Uri=s3://cli-story/in/slow.jsonl}' \
  --output-data-config 's3OutputDataConfig={s3Uri=s3://cli-story/out/}' --query jobArn --output text)
await_status "$arn" InProgress
sleep 4
aws bedrock stop-model-invocation-job --job-identifier "$arn"
await_status "$arn" Stopped
aws s3 cp "s3://cli-story/out/${arn##*/}/manifest.json.out" stopped.json
echo "stopped $(cat stopped.json)"
if aws bedrock stop-model-invocation-job --job-identifier "$arn" 2>refusal.txt; then
  echo 'a stopped job was stopped again' >&2
  exit 1
fi
cat refusal.txt
