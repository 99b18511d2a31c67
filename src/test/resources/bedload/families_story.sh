# One job for each line of models.txt (a name, a model id, how it is called), all with the AWS CLI. Arguments: a folder
# that holds models.txt and NAME.jsonl for each; the results are put below results/NAME.
set -euo pipefail
cd "$1"
aws s3 mb s3://families
aws s3 cp --recursive --exclude '*' --include '*.jsonl' . s3://families/in/
while read -r name model type; do
  arn=$(aws bedrock create-model-invocation-job --job-name "$name" --model-id "$model" --role-arn arn:aws:iam::000000000000:role/any \
    --model-invocation-type "$type" \
    --input-data-config "s3InputDataConfig={s3Uri=s3://families/in/$name.jsonl}" \
    --output-data-config "s3OutputDataConfig={s3Uri=s3://families/out/$name/}" --query jobArn --output text </dev/null)
  echo "created $name $arn"
done <models.txt
for _ in $(seq 60); do
  ended=$(aws bedrock list-model-invocation-jobs --status-equals Completed --query 'length(invocationJobSummaries)')
  [ "$ended" = "$(wc -l <models.txt)" ] && break
  sleep 0.5
done
echo "completed $ended"
aws s3 cp --recursive s3://families/out/ results
