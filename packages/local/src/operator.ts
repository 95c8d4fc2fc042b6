import path from "node:path";
import { readSettings } from "./env.ts";
import { handOver } from "./hand-over.ts";
import { readJsonFile } from "./json-file.ts";
import { postgresUrl } from "./postgres.ts";
import { environmentFor } from "./process-environment.ts";
import { Refusal } from "./refusal.ts";
import { openSecrets } from "./secrets.ts";

/** Runs the operator's command on the installation of this data folder. Its database must be running. */
export async function operator(signal: AbortSignal, options: string[]): Promise<boolean> {
  const settings = readSettings(process.env);
  const file = path.join(settings.dataDir, "secrets.json");
  if (!readJsonFile(file))
    throw new Refusal(`there is no installation in ${settings.dataDir}: start one with npm start.`);
  const secrets = openSecrets(file, settings.secrets);
  const embedded = { port: settings.postgresPort, password: secrets.postgresPassword, database: "tollgate" };
  const databaseUrl = settings.databaseUrl ?? postgresUrl(embedded);
  const env = environmentFor("dashboard", settings, databaseUrl, secrets);
  return handOver("control/src/operator-main.ts", signal, options, env);
}
