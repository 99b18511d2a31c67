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
  ["schema", "/schema"],
  ["not-here", "/jobs/aaaaaaaaaaaa"],
];

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
  for (const [name, at] of SCREENS) {
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
    await page.screenshot({ path: path.join(plan.pictures, `${name}-${width}-${theme}.png`) });
    if (width === 360 && theme === "light" || width === 1440 && theme === "dark") {
      await page.screenshot({ path: path.join(plan.pictures, `${name}-${width}-${theme}-whole.png`), fullPage: true, clip: undefined });
    }
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

await look("who logs out is out", async () => {
  await page.goto(plan.url + "/");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(plan.url + "/login");
  await page.screenshot({ path: path.join(plan.pictures, "login-1440-light.png") });
});

await browser.close();
process.exit(0);
