import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInstallation } from "@tollgate/chaos/installation";
import { rollUpsOf, rowsOf } from "@tollgate/control/rollups/roll-up-sql";
import { readSettings } from "@tollgate/local/env";
import { startPostgres, withDatabase } from "@tollgate/local/postgres";
import { openSecrets } from "@tollgate/local/secrets";
import { freePort, prepareDatabase, query, ROLES } from "@tollgate/testkit/cluster";
import { type Begun, type Built, buildPolicy, buildUsage, runJobs } from "./build.ts";
import { type Shape, shapeOf } from "./shape.ts";

const DAY_MS = 86_400_000;
/** At scale 1. */
const FREE_BYTES = 40e9;
const DATABASE = "tollgate";
const STATE = "state.json";
/** Loading writes much WAL: with the defaults, there would be a checkpoint every few seconds. Tables are vacuumed at the end. */
const LOADING = ["max_wal_size = '4GB'", "checkpoint_timeout = '15min'", "autovacuum = off"];

export interface StoreOptions {
  /** Folder of the database and the secrets. */
  dir: string;
  scale: number;
  /** Build it again, even if the folder has one that fits. */
  rebuild: boolean;
}

/** A large installation in a folder; none of its processes runs. */
export interface Store extends Built {
  dir: string;
  shape: Shape;
  ownerUrl: string;
  settings: Record<string, string>;
  /** Process id of Postgres. */
  serverPid: number;
  stop(): Promise<void>;
}

/** What the folder's `state.json` has. Without `events`, the installation is not complete. */
interface State extends Begun {
  scale: number;
  events?: number;
  rollUps?: string;
}

const isBuilt = (state: State): state is State & Built => state.events !== undefined && state.usageBytes !== undefined;

/** Changes when roll-ups are computed differently. */
const rollUpsHash = (): string =>
  createHash("sha256")
    .update(
      rollUpsOf()
        .map((rollUp) => rowsOf(rollUp))
        .join(),
    )
    .digest("hex");

function readState(file: string, { scale, rebuild }: StoreOptions): State | null {
  if (rebuild || !existsSync(file)) return null;
  const state = JSON.parse(readFileSync(file, "utf8")) as State;
  return state.scale === scale ? state : null;
}

function requireSpace(dir: string, scale: number): void {
  const { bavail, bsize } = statfsSync(dir);
  const [free, needed] = [bavail * bsize, FREE_BYTES * scale];
  if (free >= needed) return;
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(`${dir} has ${gb(free)} free, and this size needs ${gb(needed)}: use --dir, or a smaller --scale`);
}

/** Migrates the database. Settings are those of the folder's secrets. */
async function prepare(url: string, password: string, dir: string) {
  const ownerUrl = withDatabase(url, DATABASE);
  await prepareDatabase(ownerUrl, password);
  const [controlUrl = "", proxyUrl = "", ingestUrl = ""] = ROLES.map((role) => {
    const roleUrl = new URL(ownerUrl);
    roleUrl.username = role;
    return roleUrl.href;
  });
  return { ownerUrl, settings: (await createInstallation({ controlUrl, proxyUrl, ingestUrl }, dir)).settings };
}

/** Builds what the folder's installation lacks. The server does not sync to disk meanwhile. */
async function build(url: string, password: string, options: StoreOptions, say: (line: string) => void): Promise<void> {
  const { dir, scale } = options;
  const [file, shape] = [path.join(dir, STATE), shapeOf(scale)];
  const save = (state: State): void => writeFileSync(file, JSON.stringify(state));
  await query(url, ...LOADING.map((setting) => `alter system set ${setting}`), "select pg_reload_conf()");
  let state = readState(file, options);
  if (!state) {
    rmSync(file, { force: true });
    await query(url, `drop database if exists ${DATABASE} with (force)`);
    requireSpace(dir, scale);
    await query(url, `create database ${DATABASE}`);
  }
  const { settings, ownerUrl } = await prepare(url, password, dir);
  if (!state) {
    const untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    state = { scale, ...(await buildPolicy(settings, ownerUrl, shape, untilMs)) };
    save(state);
    say("organisations, keys, limits and members are there");
  }
  const built = await buildUsage(settings, ownerUrl, shape, state, { say, save: (begun) => save({ scale, ...begun }) });
  save({ scale, ...built, rollUps: rollUpsHash() });
  await query(url, "alter system reset autovacuum", "checkpoint");
}

/** Starts the installation of the folder. Builds it if there is none of this scale, or completes it. */
export async function openStore(options: StoreOptions, say: (line: string) => void): Promise<Store> {
  const { dir, scale } = options;
  mkdirSync(dir, { recursive: true });
  const { postgresPassword: password } = openSecrets(path.join(dir, "secrets.json"), readSettings({}).secrets);
  const file = path.join(dir, STATE);
  const start = async (durable: boolean) =>
    startPostgres({ dir: path.join(dir, "postgres"), port: await freePort(), password, durable });
  const before = readState(file, options);
  if (!before || !isBuilt(before)) {
    const server = await start(false);
    await build(server.url, password, options, say).finally(server.stop);
  }
  const state = readState(file, { ...options, rebuild: false });
  if (!state || !isBuilt(state)) throw new Error(`${dir} has no complete installation`);
  if (state.rollUps !== rollUpsHash()) say("the roll-ups of this folder are of another version: use --rebuild");
  const server = await start(true);
  try {
    const prepared = await prepare(server.url, password, dir);
    await runJobs(prepared.settings, say); // of a version that was installed since
    return { ...state, dir, shape: shapeOf(scale), serverPid: server.pid, stop: server.stop, ...prepared };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
