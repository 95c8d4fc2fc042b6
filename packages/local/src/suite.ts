import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { repository } from "./env.ts";
import { readJsonFile } from "./json-file.ts";
import { nothing, type Tally } from "./tally.ts";
import { type PlaywrightReport, tallyOfPlaywright, tallyOfVitest, type VitestReport } from "./test-reports.ts";

/** A test runner that prints its progress and writes a report. */
export type Suite = {
  program: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  report: string;
  count: (report: never) => Tally;
};

const results = path.join(repository, ".data/test");

export const vitest = (projects: string[]): Suite => {
  const report = path.join(results, `${projects.join("-")}.json`);
  const selected = projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return {
    program: "vitest",
    args: ["run", "--config", "packages/testkit/vitest.config.ts", ...selected, ...reporters],
    report,
    count: (written: VitestReport) => tallyOfVitest(written, repository),
  };
};

/** The journeys in a real browser. e2e/playwright.config.ts sets the path of the report. */
export const journeys: Suite = {
  program: "e2e/node_modules/.bin/playwright",
  args: ["test", "--config", "e2e/playwright.config.ts"],
  report: path.join(results, "journeys.json"),
  count: (written: PlaywrightReport) => tallyOfPlaywright(written),
};

/** Runs a suite. A runner that fails without a failed test (such as a file that does not load) counts as one failed test. */
export async function runSuite({ program, args, env, report, count }: Suite, signal: AbortSignal): Promise<Tally> {
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const child = spawn(program, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  const [code] = await once(child, "close");
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  const written = readJsonFile<never>(report);
  const tally = written ? count(written) : nothing;
  if (code === 0 || tally.failed > 0) return tally;
  return { ...tally, failed: 1, failures: [...tally.failures, `${program} ended with ${code}`] };
}
