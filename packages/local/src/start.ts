import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { bootstrapDatabase } from "./bootstrap.ts";
import { checkStores } from "./check/check.ts";
import { buildDashboard } from "./dashboard-build.ts";
import { requireWritable, takeDataFolder } from "./data-folder.ts";
import { readDemo, seedDemo } from "./demo.ts";
import { readSettings } from "./env.ts";
import { writeJsonFile } from "./json-file.ts";
import { rotateLogs } from "./log-file.ts";
import { startNode } from "./node-process.ts";
import { requireFreePorts } from "./ports.ts";
import { postgresUrl, startPostgres } from "./postgres.ts";
import { generateClient } from "./prisma-client.ts";
import { environmentFor, type Room } from "./process-environment.ts";
import { productProcesses, stopOrder } from "./processes.ts";
import { say } from "./progress.ts";
import { readyFacts, welcome } from "./ready.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { type Running, type Supervised, supervise } from "./supervisor.ts";

/** Time for the processes of a killed start to end. */
const endingMsMax = 25_000;
const rotateEveryMs = 10_000;

export type StartOptions = {
  /** Do not seed: the first person who signs up owns the installation. */
  empty: boolean;
  /** Aborted to stop the installation. */
  signal: AbortSignal;
};

/** Starts the whole installation, keeps it running until `signal`, and stops it in order. */
export async function start({ empty, signal: asked }: StartOptions): Promise<boolean> {
  const settings = readSettings(process.env);
  for (const warning of settings.warnings) say(warning);
  const folder = takeDataFolder(settings.dataDir);
  const readyFile = folder.file("ready.json");
  const demoFile = folder.file("demo.json");
  const logFile = (name: string) => folder.file(path.join("logs", `${name}.log`));
  const failure = new AbortController();
  const signal = AbortSignal.any([asked, failure.signal]);
  const supervised: Record<string, Supervised> = {};
  let writeReady = (): void => {};
  const rotation = setInterval(() => rotateLogs(path.dirname(logFile(""))), rotateEveryMs);
  try {
    rmSync(readyFile, { force: true }); // a killed start leaves it
    requireWritable(settings.spoolDir, "TOLLGATE_SPOOL_DIR");
    await requireFreePorts(settings.ports, folder.leftByCrash ? endingMsMax : 0);
    const secrets = openSecrets(folder.file("secrets.json"), settings.secrets);
    await checkStores(settings);
    const [databaseUrl] = await together(openDatabase(secrets), generateClient(signal));
    const processes = productProcesses(settings, databaseUrl, secrets, logFile);
    const keep = (room: Room) => keepRunning(room, () => startNode(processes[room], signal, say));

    const prepared = prepare(databaseUrl, secrets);
    const built = showWaiting(buildDashboard(signal));
    await together(
      keep("provider"),
      prepared.then(() => together(keep("worker"), keep("proxy"))),
      together(prepared, built).then(() => keep("dashboard")),
    );

    const ready = readyFacts(settings, readDemo(demoFile));
    writeReady = () => {
      const states = Object.entries(supervised).map(([name, { state }]) => [name, state()]);
      writeJsonFile(readyFile, { ...ready, processes: Object.fromEntries(states) });
    };
    writeReady();
    process.stdout.write(welcome(ready, settings.dataDir));
    await aborted(signal);
    say("stopping");
    writeReady = () => {};
    return true;
  } finally {
    clearInterval(rotation);
    rmSync(readyFile, { force: true });
    for (const name of stopOrder) await supervised[name]?.stop();
    folder.release();
  }

  async function openDatabase({ postgresPassword }: Secrets): Promise<string> {
    if (settings.databaseUrl) return settings.databaseUrl;
    const options = { dir: folder.file("postgres"), port: settings.postgresPort, password: postgresPassword };
    await keepRunning("postgres", () => startPostgres({ ...options, durable: true, logFile: logFile("postgres") }));
    return postgresUrl({ ...options, database: "tollgate" });
  }

  /** Migrates, sets passwords and, once, seeds the demo organisation. */
  async function prepare(databaseUrl: string, secrets: Secrets): Promise<void> {
    await bootstrapDatabase(databaseUrl, secrets, signal);
    say("the database schema is up to date");
    if (empty || readDemo(demoFile)) return;
    const env = environmentFor("dashboard", settings, databaseUrl, secrets);
    const { providerUrl } = settings;
    await seedDemo(demoFile, { env, providerUrl, passwords: secrets.demoPasswords }, signal);
    say("the demo organisation exists");
  }

  async function keepRunning(name: string, begin: () => Promise<Running>): Promise<void> {
    supervised[name] = await supervise(name, begin, { say, onChange: () => writeReady() });
    say(`${name} is up`);
  }

  /** Starts all parts. If one fails, the others are ended before the error is thrown. */
  async function together<const Parts extends Promise<unknown>[]>(...parts: Parts) {
    try {
      return await Promise.all(parts);
    } catch (error) {
      failure.abort(error);
      await Promise.allSettled(parts);
      throw error;
    }
  }
}

/** Prints a hint if it takes long. */
async function showWaiting(built: Promise<void>): Promise<void> {
  const hint = setTimeout(() => say("building the dashboard, once"), 3_000);
  await built.finally(() => clearTimeout(hint));
  say("the dashboard is built");
}

const aborted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, "abort");
};
