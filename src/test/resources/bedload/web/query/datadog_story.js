// Asks a question by Datadog's own client and prints what it made of the answer, as JSON.
const { client, v2 } = require("@datadog/datadog-api-client");

const [url, query] = process.argv.slice(2);
const configuration = client.createConfiguration({
  baseServer: new client.BaseServerConfiguration(url, {}),
  authMethods: { apiKeyAuth: "MYKEY", appKeyAuth: "my-secret" },
});
for (const operation of ["executeDdsqlTabularQuery", "fetchDdsqlTabularQuery"]) {
  configuration.unstableOperations[`v2.${operation}`] = true;
}
const api = new v2.DDSQLApi(configuration);

async function main() {
  let fetches = 0;
  let answer = await api.executeDdsqlTabularQuery({
    body: {
      data: {
        type: "ddsql_query_request",
        attributes: { query, time: { fromTimestamp: 1, toTimestamp: 2 } },
      },
    },
  });
  while (answer.data.attributes.state === "running") {
    fetches++;
    answer = await api.fetchDdsqlTabularQuery({
      body: {
        data: {
          type: "ddsql_query_fetch_request",
          attributes: { queryId: answer.data.attributes.queryId },
        },
      },
    });
  }
  const columns = answer.data.attributes.columns.map(({ name, type, values }) => [name, type, values]);
  console.log(JSON.stringify({ fetches, columns }));
}

main().catch((error) => {
  console.log(JSON.stringify({ code: error.code, body: error.body, message: error.message }));
}).finally(() => process.stdout.write("", () => process.exit(0)));
