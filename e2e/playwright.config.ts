import path from "node:path";
import { defineConfig } from "@playwright/test";
import { chooseBrowser } from "./browser.ts";

const results = path.join(import.meta.dirname, "../.data/test");
const { executablePath, env } = chooseBrowser();

export default defineConfig({
  testDir: "./journeys",
  globalSetup: "./global-setup.ts",
  outputDir: path.join(results, "e2e"),
  reporter: [["list"], ["json", { outputFile: path.join(results, "journeys.json") }]],
  timeout: 120_000,
  // Deadlines for tests that hang. They are no statement about speed.
  expect: { timeout: 20_000, toPass: { timeout: 30_000 } },
  workers: 1,
  use: {
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      env,
      args: [
        "--no-sandbox", // Chromium's sandbox does not run as root, and the pages are trusted
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
