// Drives a browser through every screen. Each fact that was looked at is a line of JSON on stdout; a line with
// "wish" asks the test for something, and the script goes on when a line comes back.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const plan = JSON.parse(process.argv[2]);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const fact = (name, holds, detail = "") => say({ fact: name, holds: Boolean(holds), detail: String(detail) });
const wish = async (what) => { say({ wish: what }); await answers.next(); };
/** A fact whose look may fail: what it throws is the detail. */
const look = async (name, how) => {
  try {
    const result = await how();
    fact(name, result === undefined || result === true, result === undefined ? "" : result);
  } catch (trouble) {
    fact(name, false, trouble.message);
  }
};

const job = (status) => `/jobs/${plan[status]}`;
const SCREENS = [
  ["home", "/"],
  ["jobs", "/jobs"],
  ["jobs-none", "/jobs?q=no-such-job"],
  ["job-running", job("InProgress")],
  ["job-failed", job("Failed")],
  ["job-completed", job("Completed")],
  ["job-stopped-long-name", job("Stopped")],
  ["job-real", `/jobs/${plan.real}`],
  ...["errors", "usage", "output", "columns", "history", "json"].map((tab) => [`job-${tab}`, `/jobs/${plan.real}?tab=${tab}`]),
  ["sources", "/sources"],
  ["jobs-wrong", "/jobs?q=status:("],
  ["counts", "/jobs/facets"],
  ["sql", "/sql"],
  ["sql-answer", "/sql?sql=" + encodeURIComponent("select job_name, status, submit_time, tags, input_data_config, message, timeout_duration_in_hours\n  from aws_bedrock_model_invocation_job\n order by submit_time")],
  ["sql-refused", "/sql?sql=select+jobname+from+aws_bedrock_model_invocation_job"],
  ["schema", "/schema"],
  ["not-here", "/jobs/aaaaaaaaaaaa"],
];

const OFTEN = new Set(["home", "jobs", "job-running", "job-failed", "sql-answer", "sources"]);

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

const login = async (link) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("button", { name: "Log in on this browser" }).click();
  await page.waitForURL(plan.url + "/");
  const state = await context.storageState();
  await context.close();
  return state;
};

const watch = (page) => {
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    // A page that is not there is said so by its status, which is meant.
    if (message.type() === "error" && !/status of 404/.test(message.text())) {
      trouble.push(message.text());
    }
  });
  page.on("dialog", (dialog) => { trouble.push("dialog: " + dialog.message()); dialog.dismiss(); });
  return trouble;
};

const violations = async (page, rules) => {
  const found = await page.evaluate(
    (only) => window.axe.run(document, only ? { runOnly: { type: "rule", values: only } } : {}), rules);
  return found.violations.map((each) =>
    `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target.join(" ") + " — " + node.failureSummary).join("; ")}`);
};

const state = await login(plan.links[0]);

for (const [width, height, theme, rules] of [
  [360, 740, "light", null], [360, 740, "dark", ["color-contrast"]],
  [1440, 900, "light", ["color-contrast"]], [1440, 900, "dark", null],
  [2560, 1440, "light", false],
]) {
  const context = await browser.newContext({ storageState: state, viewport: { width, height }, colorScheme: theme });
  await context.addInitScript(axe);
  const page = await context.newPage();
  const trouble = watch(page);
  // The second theme of a width can only differ in its colours, and the third width in its spread.
  const screens = rules === null ? SCREENS : SCREENS.filter(([name]) => OFTEN.has(name));
  for (const [name, at] of screens) {
    const what = `${name} at ${width} px, ${theme}`;
    await look(`${what}: is shown`, async () => {
      await page.goto(plan.url + at);
      await page.waitForSelector("main h1");
    });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    fact(`${what}: nothing is wider than the window`, over <= 0, `${over} px too wide`);
    if (rules !== false) {
      const bad = await violations(page, rules);
      fact(`${what}: axe finds nothing`, bad.length === 0, bad.join("\n"));
    }
    await page.screenshot({ path: path.join(plan.pictures, `${name}-${width}-${theme}.png`), fullPage: rules === null });
    fact(`${what}: the console is silent`, trouble.length === 0, trouble.splice(0).join("\n"));
  }
  await context.close();
}

// Actions.
const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
const page = await context.newPage();

await look("j, k and Enter walk the rows", async () => {
  await page.goto(plan.url + "/jobs");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const first = await page.locator(".jobs th a").first().getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL(plan.url + first);
});

await look("older jobs are a page further, each job on one page", async () => {
  const seen = new Set();
  await page.goto(plan.url + "/jobs");
  for (let pages = 0; pages < 3; pages++) {
    for (const href of await page.locator(".jobs th a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) {
      if (seen.has(href)) { return `${href} twice`; }
      seen.add(href);
    }
    const older = page.getByRole("link", { name: "Older jobs" });
    if (await older.count() === 0) { break; }
    await older.click();
    await page.waitForURL(/after=/);
  }
  return seen.size === 51 || `${seen.size} jobs`;
});

await look("a count narrows the list", async () => {
  await page.goto(plan.url + "/jobs");
  await page.locator("#facets summary", { hasText: "Status" }).click();
  await page.locator("#facets details[open] a", { hasText: "Expired" }).click();
  await page.waitForURL(/q=status/);
  return (await page.locator(".jobs tbody tr").count()) === 3;
});

await look("a search opens as SQL, which finds the same", async () => {
  await page.goto(plan.url + "/jobs?q=" + encodeURIComponent('status:Failed team:search'));
  const rows = await page.locator(".jobs tbody tr").count();
  await page.getByRole("link", { name: "Open as SQL" }).click();
  await page.locator("table.answer").waitFor();
  const answered = await page.locator("table.answer tbody tr").count();
  return (rows === 3 && answered === rows) || `${rows} and ${answered}`;
});

await look("the editor completes tables and columns, and asks by keyboard", async () => {
  await page.goto(plan.url + "/sql");
  const editor = page.locator("textarea");
  await editor.pressSequentially("select job_na");
  await page.locator("#words li", { hasText: "job_name" }).first().waitFor();
  await editor.press("Tab");
  await editor.pressSequentially(" from aws_bedrock_model_invocation_j");
  await page.locator("#words li").first().waitFor();
  await page.screenshot({ path: path.join(plan.pictures, "sql-completing-1440-light.png") });
  await editor.press("Enter");
  await editor.pressSequentially(" limit 3");
  await editor.press("Escape");
  await editor.press("Control+Enter");
  await page.locator("table.answer").waitFor();
  const text = await page.locator("textarea").inputValue();
  return ((await page.locator("table.answer tbody tr").count()) === 3 && text.startsWith("select job_name from aws_bedrock")) || text;
});

await look("a question is kept, found and removed", async () => {
  await page.goto(plan.url + "/sql?sql=select+42+as+answer");
  await page.getByLabel("Keep it as").fill("<b>the answer</b>");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("link", { name: "<b>the answer</b>" }).click();
  await page.locator("table.answer td", { hasText: "42" }).waitFor();
  await page.getByRole("button", { name: "Remove <b>the answer</b>" }).click();
  await page.waitForURL(plan.url + "/sql");
  return (await page.getByRole("link", { name: "<b>the answer</b>" }).count()) === 0;
});

await look("times turn from UTC to local and stay so", async () => {
  await page.goto(plan.url + "/jobs");
  const utc = await page.locator("time").first().getAttribute("title");
  await page.getByRole("button", { name: "Times: UTC" }).click();
  const local = await page.locator("time").first().getAttribute("title");
  await page.reload();
  await page.getByRole("button", { name: "Times: local" }).click();
  return (utc.endsWith(" UTC") && local !== utc) || `${utc} and ${local}`;
});

await look("a slash goes to the search", async () => {
  await page.goto(plan.url + "/jobs");
  await page.keyboard.press("/");
  return (await page.evaluate(() => document.activeElement.name)) === "q";
});

await look("a job is stopped after a question", async () => {
  await page.goto(plan.url + job("Scheduled"));
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Stop" }).click();
  await page.waitForFunction(() => /Stopp(ing|ed)/.test(document.querySelector(".headline").textContent));
});

await look("who says no to the question stops nothing", async () => {
  await page.goto(plan.url + job("InProgress"));
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("button", { name: "Stop" }).click();
  return (await page.locator(".headline").textContent()).includes("InProgress");
});

await look("the outputs of a job are downloaded", async () => {
  await page.goto(plan.url + `/jobs/${plan.real}?tab=output`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "in.jsonl.out" }).click(),
  ]);
  const lines = fs.readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  return (lines.length === 40 && lines.filter((line) => line.error).length === 4) || `${lines.length} lines`;
});

await look("errors are told by code, exactly and with samples", async () => {
  await page.goto(plan.url + `/jobs/${plan.real}?tab=errors`);
  const text = await page.locator("#tab").textContent();
  return (text.includes("400") && text.includes("bad-3") && text.includes("bad-33")) || text;
});

await look("the records that failed run again as a job of their own", async () => {
  await page.goto(plan.url + `/jobs/${plan.real}`);
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Run the failed records again" }).click();
  // They are copied after the answer; the open page learns of the new job by itself.
  await page.locator(".again a").click();
  await page.waitForURL((url) => url.pathname.startsWith("/jobs/") && !url.pathname.endsWith(plan.real));
  await page.waitForFunction(() => /of 4/.test(document.querySelector(".headline").textContent), null, { timeout: 20000 });
  return (await page.locator("h1").textContent()).startsWith("a-real-job-retry-");
});

await look("a sync is asked for", async () => {
  await page.goto(plan.url + "/sources");
  await page.getByRole("button", { name: "Sync all now" }).click();
  await page.waitForURL(plan.url + "/sources");
  // The two that are collected, and the jobs of the service itself.
  return (await page.locator(".sources tbody tr").count()) === 3;
});

await look("a page that loses the service says so, and comes back", async () => {
  await page.goto(plan.url + "/jobs");
  await page.waitForTimeout(500);
  await wish("stop");
  await page.locator("#lost").waitFor({ state: "visible", timeout: 10000 });
  await page.screenshot({ path: path.join(plan.pictures, "lost-1440-light.png") });
  await wish("start");
  await page.locator("#lost").waitFor({ state: "hidden", timeout: 20000 });
  return (await page.locator("h1").first().textContent()) === "Jobs";
});

await look("an open page whose session has ended says so, and goes on after a login", async () => {
  await page.goto(plan.url + "/jobs");
  await page.waitForTimeout(500);
  const session = await page.context().cookies();
  await page.context().clearCookies();
  await wish("stop");
  await wish("start");
  await page.locator("#lost", { hasText: "session has ended" }).waitFor({ state: "visible", timeout: 20000 });
  await page.screenshot({ path: path.join(plan.pictures, "ended-1440-light.png") });
  await page.context().addCookies(session);
  await page.locator("#lost").waitFor({ state: "hidden", timeout: 20000 });
});

await look("who logs out is out", async () => {
  await page.goto(plan.url + "/");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(plan.url + "/login");
  await page.screenshot({ path: path.join(plan.pictures, "login-1440-light.png") });
});

await browser.close();
process.exit(0);
