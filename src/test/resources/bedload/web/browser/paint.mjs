// Measures the list of jobs in a browser: first paint, bytes, and how long a change takes to be seen. Lines as drive.mjs has them.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const plan = JSON.parse(process.argv[2]);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const wish = async (what) => { say({ wish: what }); await answers.next(); };
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1];
const told = (name, values, unit) => say({
  fact: name, holds: true,
  detail: `median ${quantile(values, 0.5).toFixed(0)} ${unit}, p95 ${quantile(values, 0.95).toFixed(0)} ${unit}, of ${values.length}`,
});

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await page.goto(plan.link);
await page.getByRole("button", { name: "Log in on this browser" }).click();
await page.waitForURL(plan.url + "/");

const network = await context.newCDPSession(page);
await network.send("Network.enable");
let sent = 0;
let read = 0;
network.on("Network.loadingFinished", (event) => { sent += event.encodedDataLength; });
network.on("Network.dataReceived", (event) => { read += event.dataLength; });

const paints = { cold: [], warm: [] };
for (const cache of ["cold", "warm"]) {
  for (let round = 0; round < 20; round++) {
    await network.send("Network.setCacheDisabled", { cacheDisabled: cache === "cold" });
    sent = 0;
    read = 0;
    await page.goto(plan.url + "/jobs", { waitUntil: "load" });
    const paint = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    paints[cache].push(await paint.jsonValue());
  }
  told(`first contentful paint, ${cache} cache`, paints[cache], "ms");
  say({ fact: `bytes up to the load event, ${cache} cache`, holds: true, detail: `${(sent / 1024).toFixed(1)} KB sent, ${(read / 1024).toFixed(1)} KB read` });
}

const figure = page.locator(`tr:has(a[href="/jobs/${plan.job}"]) span.number`).first();
const delays = [];
for (let round = 0; round < 25; round++) {
  const before = await figure.textContent();
  // Changes come at any time of whatever the service does once a second.
  await page.waitForTimeout(300 + Math.random() * 1500);
  const began = Date.now();
  await wish("change");
  await page.waitForFunction(
    ([job, old]) => document.querySelector(`tr:has(a[href="/jobs/${job}"]) span.number`)?.textContent !== old,
    [plan.job, before], { polling: "raf", timeout: 30000 });
  delays.push(Date.now() - began);
}
told("from a change of a job's count to the changed text", delays, "ms");
await browser.close();
process.exit(0);
