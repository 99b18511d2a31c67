// What an agent's program does with a server of the Model Context Protocol: it connects, lists the tools, and calls some.
// Prints what it got, as JSON. The client itself holds each answer to the schema that its tool promises.
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StdioClientTransport } = require("@modelcontextprotocol/sdk/client/stdio.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");

const [kind, calls, ...rest] = process.argv.slice(2);

function transport() {
  if (kind === "http") {
    const [url, key] = rest;
    return new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { Authorization: `Bearer ${key}` } },
    });
  }
  const [command, ...args] = rest;
  return new StdioClientTransport({ command, args, env: { PATH: process.env.PATH } });
}

async function main() {
  const told = { errors: [] };
  const client = new Client({ name: "story", version: "1" });
  client.onerror = (error) => told.errors.push(error.message);
  await client.connect(transport());
  told.server = client.getServerVersion();
  told.instructions = client.getInstructions();
  told.tools = (await client.listTools()).tools.map((tool) => tool.name);
  told.answers = [];
  for (const { name, arguments: given } of JSON.parse(calls)) {
    const result = await client.callTool({ name, arguments: given });
    told.answers.push(result.isError ? { refusal: result.content[0].text } : result.structuredContent);
  }
  await client.ping();
  await client.close();
  console.log(JSON.stringify(told));
}

main().catch((error) => {
  console.log(JSON.stringify({ failed: error.message }));
  process.exit(1);
});
