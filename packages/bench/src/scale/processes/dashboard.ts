import path from "node:path";
import { buildDashboard, dashboardServer } from "@tollgate/local/dashboard-build";
import { dashboardNodeArguments } from "@tollgate/local/dashboard-node-arguments";
import { freePort } from "@tollgate/testkit/cluster";
import { startProbed } from "@tollgate/testkit/node-process";
import { request } from "undici";
import { rssMib } from "../../cost.ts";
import { ms, printFigure } from "../figure.ts";
import { OWNER, SLUG } from "../owner.ts";
import type { Store } from "../store.ts";

const root = path.join(import.meta.dirname, "../../../../..");
const PAGE = { ms: 200, bytes: 150_000 };
const RUNS = 7;
const RSS_MIB = 350;

const PAGES = [
  "overview",
  "overview?period=30d",
  "keys",
  "keys?search=key-777",
  "limits",
  "people",
  "audit",
  "models",
  "alerts",
  "providers",
  "guardrails",
  "settings",
  "requests",
  "requests?status=error",
  "spend",
  "spend?range=90d&by=key",
  "spend?range=90d&by=member",
];

const cookiesOf = (headers: Record<string, string | string[] | undefined>): string =>
  [headers["set-cookie"] ?? []]
    .flat()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

/** Signs in as a browser does. Returns the cookies. */
async function signIn(origin: string): Promise<string> {
  const csrf = await request(`${origin}/api/auth/csrf`);
  const { csrfToken } = (await csrf.body.json()) as { csrfToken: string };
  const answer = await request(`${origin}/api/auth/callback/password`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", cookie: cookiesOf(csrf.headers) },
    body: new URLSearchParams({ ...OWNER, csrfToken, json: "true" }).toString(),
  });
  await answer.body.dump();
  return cookiesOf(answer.headers);
}

async function measurePage(origin: string, cookie: string, page: string, pid: number): Promise<void> {
  const tookMs: number[] = [];
  let bytes = 0;
  let status = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    const headers = { cookie, accept: "text/html", "accept-encoding": "gzip" };
    const answer = await request(`${origin}/${SLUG}/${page}`, { headers });
    bytes = (await answer.body.arrayBuffer()).byteLength;
    status = answer.statusCode;
    tookMs.push(performance.now() - startedMs);
  }
  tookMs.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [tookMs[RUNS >> 1], tookMs.at(-1)];
  printFigure({
    name: `page ${page}`,
    median: ms(median),
    p95: ms(worst),
    size: `${Math.round(bytes / 1000)} kB`,
    mib: rssMib(pid),
    bound: `${PAGE.ms} ms, ${PAGE.bytes / 1000} kB`,
    isMet: status === 200 && median <= PAGE.ms && bytes <= PAGE.bytes,
    note: status === 200 ? undefined : `status ${status}`,
  });
}

/** Builds the dashboard, which takes minutes, and measures its pages, as sent with gzip, and its memory after all of them. */
export async function measureDashboard({ settings }: Store): Promise<void> {
  await buildDashboard();
  const [port, metricsPort] = [await freePort(), await freePort()];
  const origin = `http://localhost:${port}`;
  const env = {
    ...settings,
    NODE_ENV: "production",
    DASHBOARD_PORT: String(port),
    DASHBOARD_METRICS_PORT: String(metricsPort),
    DASHBOARD_HOST: "localhost",
    NEXTAUTH_URL: origin,
  };
  const args = [...dashboardNodeArguments, path.join(root, dashboardServer)];
  const server = await startProbed({ args, env }, `${origin}/readyz`, { statusBelow: 300 });
  try {
    const cookie = await signIn(origin);
    for (const page of PAGES) await measurePage(origin, cookie, page, server.pid);
    const mib = rssMib(server.pid);
    printFigure({ name: "dashboard after all pages", mib, bound: `${RSS_MIB} MiB`, isMet: mib <= RSS_MIB });
  } finally {
    await server.stop();
  }
}
