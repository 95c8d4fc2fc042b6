import path from "node:path";
import { startInstallation } from "./installation.ts";

/** Starts one installation for all journeys. `E2E_READY` is the path of the `ready.json` of a running one, `E2E_INGEST_URL` its database. Returns a function that stops it. */
// biome-ignore lint/style/noDefaultExport: Playwright looks for it
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.E2E_READY) return async () => {};
  const dataDir = path.join(import.meta.dirname, "../.data/e2e");
  const { ingestUrl, stop } = await startInstallation(dataDir);
  process.env.E2E_INGEST_URL = ingestUrl;
  process.env.E2E_READY = path.join(dataDir, "ready.json");
  return stop;
}
