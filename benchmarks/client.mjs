// A script as one writes it to send a file of records to a model server: fetch, so many calls at once, every answer
// to a file as it comes. Nothing survives a crash, nothing is tried again, and the order is that of the answers.
//
//     node client.mjs INPUT.jsonl OUTPUT.jsonl URL CALLS-AT-ONCE
//
// The last line that it prints is "<records> <seconds>".

import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";

const [source, target, url, atOnce] = process.argv.slice(2);
const lines = createInterface({ input: createReadStream(source) })[Symbol.asyncIterator]();
const out = createWriteStream(target);
let count = 0;

async function work() {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const record = JSON.parse(line.value);
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ model: "bench", ...record.modelInput }),
    });
    if (!response.ok) {
      throw new Error(`record ${record.recordId}: status ${response.status}`);
    }
    record.modelOutput = await response.json();
    if (!out.write(JSON.stringify(record) + "\n")) {
      await once(out, "drain");
    }
    count += 1;
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, work));
out.end();
await once(out, "finish");
console.log(count, (performance.now() - began) / 1000);
