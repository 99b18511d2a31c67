// Calls what it is told to, line by line: {"operation", "input"} in, {"output"} or {"fault", "message", ...} out.
const readline = require("readline");
const bedrock = require("@aws-sdk/client-bedrock");
const s3 = require("@aws-sdk/client-s3");

const [endpoint, s3Endpoint, region, accessKeyId, secretAccessKey, attempts] = process.argv.slice(2);
const own = { region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: Number(attempts) };
const client = new bedrock.BedrockClient({ endpoint, ...own });
const store = new s3.S3Client({ endpoint: s3Endpoint, forcePathStyle: true, ...own });
const TIMES = ["submitTimeAfter", "submitTimeBefore"];

async function call(operation, input) {
  for (const name of TIMES) {
    if (input[name]) input[name] = new Date(input[name]);
  }
  if (input.Bucket) return callStore(operation, input);
  try {
    const { $metadata, ...output } = await client.send(new bedrock[operation + "Command"](input));
    return { output };
  } catch (failure) {
    // A typed exception is a class that the module exports; all else is the service's base class.
    const type = bedrock[failure.name];
    return { ...failure, fault: type && failure instanceof type ? failure.name : "untyped", message: String(failure) };
  }
}

async function callStore(operation, input) {
  const { $metadata, ...output } = await store.send(new s3[operation + "Command"](input));
  if (operation === "GetObject") output.Body = await output.Body.transformToString();
  return { output };
}

async function main() {
  console.log(JSON.stringify({ version: require("@aws-sdk/client-bedrock/package.json").version }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    console.log(JSON.stringify(await call(request.operation, request.input)));
  }
}

main();
