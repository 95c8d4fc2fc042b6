import { cpSync, existsSync } from "node:fs";
import path from "node:path";
import { run } from "./command.ts";
import { repository } from "./env.ts";
import { exclusively } from "./exclusive.ts";

const dashboard = path.join(repository, "apps/dashboard");
const standalone = path.join(dashboard, ".next/standalone/apps/dashboard");

/** The built dashboard's server. */
export const dashboardServer = path.relative(repository, path.join(standalone, "serve/main.ts"));

/** Builds the dashboard if its sources have changed since the last build. Turbo's cache knows. */
export const buildDashboard = (signal?: AbortSignal): Promise<void> =>
  exclusively("build", () => build(signal), signal);

async function build(signal?: AbortSignal): Promise<void> {
  await run("turbo", ["run", "build", "--filter=@tollgate/dashboard", "--output-logs=new-only", "--ui=stream"], {
    signal,
    env: { NODE_ENV: "production", TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  // The standalone server expects a separate file server for these. Here it serves them itself.
  cpSync(path.join(dashboard, ".next/static"), path.join(standalone, ".next/static"), { recursive: true });
  cpSync(path.join(dashboard, "serve"), path.join(standalone, "serve"), { recursive: true });
  const files = path.join(dashboard, "public");
  if (existsSync(files)) cpSync(files, path.join(standalone, "public"), { recursive: true });
}
