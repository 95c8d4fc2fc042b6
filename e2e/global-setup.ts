import path from "node:path";
import { startInstallation } from "./installation.ts";

/** One installation for all journeys; `E2E_READY` names the `ready.json` of one that runs already (its database in `E2E_INGEST_URL`). Returns the way to end it. */
// biome-ignore lint/style/noDefaultExport: Playwright looks for it
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.E2E_READY) return async () => {};
  const dataDir = path.join(import.meta.dirname, "../.data/e2e");
  const { ingestUrl, stop } = await startInstallation(dataDir);
  process.env.E2E_INGEST_URL = ingestUrl;
  process.env.E2E_READY = path.join(dataDir, "ready.json");
  return stop;
}
