import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInstallation } from "@tollgate/chaos/installation";
import { rollUpsOf, rowsOf } from "@tollgate/control/rollups/roll-up-sql";
import { readSettings } from "@tollgate/local/env";
import { startPostgres, withDatabase } from "@tollgate/local/postgres";
import { openSecrets } from "@tollgate/local/secrets";
import { freePort, prepareDatabase, query, ROLES } from "@tollgate/testkit/cluster";
import { type Built, buildInstallation } from "./build.ts";
import { type Shape, shapeOf } from "./shape.ts";

const DAY_MS = 86_400_000;
/** At scale 1. */
const FREE_BYTES = 40e9;
const DATABASE = "tollgate";
/** A load writes much WAL; the defaults would take a checkpoint every few seconds. */
const SERVER = ["max_wal_size = '4GB'", "checkpoint_timeout = '15min'"];

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
  pid: number;
  stop(): Promise<void>;
}

interface Kept extends Built {
  scale: number;
  rollUps: string;
}

/** Changes when roll-ups are computed differently. */
const rollUpsHash = (): string =>
  createHash("sha256")
    .update(
      rollUpsOf()
        .map((rollUp) => rowsOf(rollUp))
        .join(),
    )
    .digest("hex");

function readKept(file: string, { scale, rebuild }: StoreOptions): Kept | null {
  if (rebuild || !existsSync(file)) return null;
  const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
  return kept.scale === scale ? kept : null;
}

/** The server's user may be another one, whose data is in another folder. */
async function removeData(dir: string, url: string): Promise<void> {
  await query(url, `drop database if exists ${DATABASE} with (force)`);
  rmSync(path.join(dir, "built.json"), { force: true });
}

function requireSpace(dir: string, scale: number): void {
  const { bavail, bsize } = statfsSync(dir);
  const [free, needed] = [bavail * bsize, FREE_BYTES * scale];
  if (free >= needed) return;
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(`${dir} has ${gb(free)} free, and this size needs ${gb(needed)}: use --dir, or a smaller --scale`);
}

/** Starts the installation of the folder. Builds it if there is none of this scale. */
export async function openStore(options: StoreOptions, say: (line: string) => void): Promise<Store> {
  const { dir, scale } = options;
  mkdirSync(dir, { recursive: true });
  const { postgresPassword: password } = openSecrets(path.join(dir, "secrets.json"), readSettings({}).secrets);
  const file = path.join(dir, "built.json");
  const shape = shapeOf(scale);
  let kept = readKept(file, options);
  const start = async (durable: boolean) =>
    startPostgres({ dir: path.join(dir, "postgres"), port: await freePort(), password, durable });
  const settingsFor = async (url: string) => {
    const ownerUrl = withDatabase(url, DATABASE);
    await prepareDatabase(ownerUrl, password);
    const [controlUrl = "", proxyUrl = "", ingestUrl = ""] = ROLES.map((role) => {
      const roleUrl = new URL(ownerUrl);
      roleUrl.username = role;
      return roleUrl.href;
    });
    return { ownerUrl, settings: (await createInstallation({ controlUrl, proxyUrl, ingestUrl }, dir)).settings };
  };
  if (!kept) {
    const server = await start(false);
    try {
      await removeData(dir, server.url);
      requireSpace(dir, scale);
      await query(server.url, ...SERVER.map((setting) => `alter system set ${setting}`), "select pg_reload_conf()");
      await query(server.url, `create database ${DATABASE}`);
      const { settings, ownerUrl } = await settingsFor(server.url);
      const untilMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const built = await buildInstallation(settings, ownerUrl, shape, untilMs, say);
      kept = { ...built, scale, rollUps: rollUpsHash() };
      writeFileSync(file, JSON.stringify(kept));
      await query(server.url, "checkpoint");
    } finally {
      await server.stop();
    }
  }
  if (kept.rollUps !== rollUpsHash())
    say("the roll-ups in this folder are of another version: --rebuild computes them again");
  const server = await start(true);
  try {
    return { ...kept, dir, shape, pid: server.pid, stop: () => server.stop(), ...(await settingsFor(server.url)) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
