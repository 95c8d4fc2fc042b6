import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "@tollgate/testkit/cluster";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { createInstallation, type Installation, type Resident } from "../../installation.ts";
import type { Attack, Finding } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { isAlive } from "../is-alive.ts";
import { openTarget } from "../target.ts";

const PER_SECOND = 50;
/** Longer than nginx keeps an idle connection: it closes them itself, and none is used while the proxy closes it. */
const NOTICE_MS = "3000";

/** A usual nginx configuration: a refused connection goes to another proxy, an answer that has begun does not. */
const config = (dir: string, port: number, upstreams: readonly string[]): string => `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(" ")}
  upstream proxies {
    ${upstreams.map((origin) => `server ${new URL(origin).host} max_fails=1 fail_timeout=1s;`).join("\n    ")}
    keepalive 32;
    keepalive_timeout 1s;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://proxies;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_connect_timeout 1s;
      proxy_read_timeout 600s;
    }
  }
}
`;

const nginxMissing = (): string | null =>
  spawnSync("nginx", ["-v"], { stdio: "ignore" }).status === 0 ? null : "no nginx on PATH";

async function startNginx(dir: string, upstreams: readonly string[]): Promise<{ origin: string; child: ChildProcess }> {
  const port = await freePort();
  const file = path.join(dir, "nginx.conf");
  await writeFile(file, config(dir, port, upstreams));
  const child = spawn("nginx", ["-c", file, "-p", dir], { stdio: ["ignore", "ignore", "inherit"] });
  const origin = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${origin}/healthz`)).ok, { timeoutMs: 10_000 });
  return { origin, child };
}

/** Another machine's proxy on the same database and Redis. */
async function sibling({ settings }: Installation, dir: string): Promise<Installation> {
  await mkdir(dir);
  const { PROXY_PORT: _, METRICS_PORT: __, TOLLGATE_DATA_DIR: ___, TOLLGATE_SPOOL_DIR: ____, ...same } = settings;
  const urls = {
    controlUrl: settings.TOLLGATE_CONTROL_DATABASE_URL ?? "",
    proxyUrl: settings.TOLLGATE_PROXY_DATABASE_URL ?? "",
    ingestUrl: settings.TOLLGATE_INGEST_DATABASE_URL ?? "",
  };
  return createInstallation(urls, dir, { settings: same });
}

/** Sends SIGTERM and waits until the process has exited. */
async function restart(proxy: Resident): Promise<void> {
  const pid = proxy.pid();
  process.kill(pid, "SIGTERM");
  await waitFor(() => !isAlive(pid), { timeoutMs: 60_000 });
  await proxy.kill();
  await proxy.start();
}

/** Stops and starts three proxies behind nginx in turn, while calls go on. */
export const rollingRestart: Attack = {
  name: "rolling-restart",
  does: `three proxies behind nginx are restarted in turn at ${PER_SECOND} calls/s: no call fails`,
  async run(): Promise<Finding> {
    const missing = nginxMissing() ?? (await redisMissing());
    if (missing) return { measured: {}, broken: [], skipped: missing };
    const dir = await mkdtemp(path.join(tmpdir(), "tollgate-rolling-"));
    const redis = await testRedis();
    const settings = { REDIS_URL: redis.url, TOLLGATE_DRAIN_NOTICE_MS: NOTICE_MS };
    const target = await openTarget({ keys: { client: [] }, settings });
    const others = await Promise.all(
      ["two", "three"].map((name) => sibling(target.installation, path.join(dir, name))),
    );
    const all = [target.installation, ...others];
    let nginx: ChildProcess | undefined;
    try {
      for (const { proxy } of others) await proxy.start();
      const { origin, child } = await startNginx(
        dir,
        all.map(({ proxyOrigin }) => proxyOrigin),
      );
      nginx = child;
      const client = bystander({ origin, key: target.keys.client, model: target.model, perSecond: PER_SECOND });
      for (const { proxy } of all) {
        await restart(proxy);
      }
      const seen = await client.stop();
      return {
        measured: { calls: String(seen.calls), failed: String(seen.failed), p99: `${seen.p99.toFixed(1)} ms` },
        broken: seen.failed === 0 ? [] : [`${seen.failed} of ${seen.calls} calls failed`],
      };
    } finally {
      if (nginx) {
        const ended = once(nginx, "exit");
        nginx.kill("SIGTERM");
        await ended;
      }
      await Promise.all(others.map(({ proxy }) => proxy.stop()));
      await target.close();
      await redis.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};
