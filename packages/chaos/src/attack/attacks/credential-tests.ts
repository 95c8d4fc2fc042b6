import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { getCredential } from "@tollgate/control/credentials/get";
import { testCredential } from "@tollgate/control/credentials/test";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { childrenOf } from "@tollgate/testkit/children-of";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { type Attack, atMost, type Finding } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { type HostileWay, startHostileModels } from "../hostile-models.ts";
import { openTarget, type Target } from "../target.ts";

const KNOWN_MS = 3_000;
const TAKEN_OVER_MS = 10_000;
const CLICKS = 1_000;
const SECRET = "sk-canary-0123456789";

/** The expected outcome for each host. */
const EXPECTED: Record<HostileWay, string> = {
  good: "works",
  wrong: "wrong_secret",
  redirect: "redirected",
  large: "works",
  "large-error": "wrong_secret",
  "slow-error": "wrong_secret",
  "slow-blanks": "timed_out",
  "many-hints": "timed_out",
  silent: "timed_out",
  reset: "connection_failed",
  packed: "not_an_api",
};

/** Addresses without a server. */
const ADDRESSES: Record<string, [string, string]> = {
  "a name that does not exist": ["https://no-such-host.invalid", "host_not_found"],
  "a host that refuses": ["http://127.0.0.1:1", "connection_refused"],
};

/** The owner of a new organisation, with services that stay open. */
async function openOwner(
  { installation: { settings } }: Target<string>,
  name: string,
): Promise<{ owner: Context; close(): Promise<void> }> {
  const bytes = (name: string): Buffer => Buffer.from(settings[name] ?? "", "base64");
  const { services, close } = openControl({
    databaseUrl: settings.TOLLGATE_CONTROL_DATABASE_URL ?? "",
    pepper: bytes("TOLLGATE_KEY_PEPPER"),
    auditKey: bytes("TOLLGATE_AUDIT_KEY"),
    sealPublicKey: bytes("TOLLGATE_SEAL_PUBLIC_KEY"),
    channelPublicKey: bytes("TOLLGATE_CHANNEL_PUBLIC_KEY"),
    privateHosts: parsePrivateHosts("127.0.0.1=*"),
    proxyUrl: "http://127.0.0.1",
  });
  const account = { email: `${name}@example.test`, password: "correct horse battery" };
  const { slug } = await createOrganisationFor(services, { organisation: name, owner: { ...account, name } }, null);
  const { sessionId } = await signIn(services, account, null);
  return { owner: await contextForSession(services, sessionId, slug, null), close };
}

async function add(owner: Context, name: string, baseUrl: string): Promise<string> {
  return (await createCredential(owner, { name, provider: "openai", baseUrl, secret: SECRET })).id;
}

/** Starts a test like a click, and waits for the result on the page. */
async function outcomeOf(owner: Context, id: string): Promise<{ outcome: string; tookMs: number; said: string }> {
  const startedMs = performance.now();
  const asked = await testCredential(owner, { id });
  const { test } = await waitFor(
    async () => {
      const read = await getCredential(owner, { id });
      return read.test?.id === asked.id && read.test.state !== "running" ? read : undefined;
    },
    { everyMs: 20 },
  );
  return {
    outcome: test?.outcome ?? "none",
    tookMs: performance.now() - startedMs,
    said: JSON.stringify(test),
  };
}

/** Hosts that send false answers, stall, flood or redirect, a thousand clicks, and a proxy that is killed during a test. */
export const credentialTests: Attack = {
  name: "credential-tests",
  does: `credentials of hostile hosts are tested: what failed is known within ${KNOWN_MS / 1000} s; ${CLICKS} clicks are refused politely; a killed proxy's test is another's`,
  async run(): Promise<Finding> {
    const missing = await redisMissing();
    if (missing) return { measured: {}, broken: [], skipped: missing };
    const redis = await testRedis();
    const settings = { REDIS_URL: redis.url, PROXY_PROCESSES: "2", TOLLGATE_LOG_LEVEL: "silent" };
    const target = await openTarget({ keys: { client: [] }, settings, hasWorker: true });
    const hosts = await startHostileModels();
    const { owner, close } = await openOwner(target, "testers");
    const measured: Record<string, string> = {};
    const broken: string[] = [];
    try {
      await waitFor(() => childrenOf(target.installation.proxy.pid()).length === 2, { timeoutMs: 60_000 });
      // The first result waits for the worker to start.
      await outcomeOf(owner, await add(owner, "warm-up", `${hosts.origin}/good/v1`));

      const addresses = [
        ...Object.entries(EXPECTED).map(([way, outcome]) => [way, `${hosts.origin}/${way}/v1`, outcome] as const),
        ...Object.entries(ADDRESSES).map(([name, [origin, outcome]]) => [name, `${origin}/v1`, outcome] as const),
      ];
      for (const [name, baseUrl, expected] of addresses) {
        const found = await outcomeOf(owner, await add(owner, name, baseUrl));
        measured[name] = `${found.outcome} after ${found.tookMs.toFixed(0)} ms`;
        if (found.outcome !== expected) broken.push(`${name}: found ${found.outcome} and not ${expected}`);
        if (/canary|127\.0\.0\.1/.test(found.said)) broken.push(`${name}: the result has a secret or an address`);
        broken.push(...atMost(`${name}: known after`, found.tookMs, KNOWN_MS, "ms"));
      }
      const twice = [...hosts.asked].filter(([way, count]) => way !== "good" && count > 1);
      if (twice.length > 0) broken.push(`asked more than once: ${twice.map(([way]) => way).join(", ")}`);
      if (hosts.followed()) broken.push("a redirect was followed");
      const large = (hosts.sentBytes.get("large") ?? 0) / 1024 / 1024;
      measured["taken of an answer of 50 MiB"] = `${large.toFixed(1)} MiB`;
      broken.push(...atMost("taken of an answer of 50 MiB", large, 8, "MiB"));

      const to = { origin: target.proxyOrigin, key: target.keys.client, model: target.model };
      const other = bystander(to);
      const answers = await clickOften(owner, `${hosts.origin}/silent/v1`);
      const seen = await other.stop();
      measured[`${CLICKS} clicks on 20 credentials`] = answers.summary;
      measured["another client meanwhile, p50, p99"] = `${seen.p50.toFixed(1)}, ${seen.p99.toFixed(1)} ms`;
      if (answers.failed > 0) broken.push(`${answers.failed} clicks failed`);
      if (seen.failed > 0) broken.push(`${seen.failed} of another client's calls failed`);
      broken.push(...atMost("tests of one organisation at hosts in a minute", hosts.asked.get("silent") ?? 0, 30, ""));
    } finally {
      await close();
    }
    try {
      const killed = await killOne(target, hosts.origin, () => hosts.open());
      measured["the test of a killed process is done after"] = `${killed.tookMs.toFixed(0)} ms: ${killed.outcome}`;
      if (killed.outcome !== "timed_out") broken.push(`the test of a killed process ended with ${killed.outcome}`);
      broken.push(...atMost("the test of a killed process is done after", killed.tookMs, TAKEN_OVER_MS, "ms"));
      return { measured, broken };
    } finally {
      hosts.close();
      await target.close();
      await redis.stop();
    }
  },
};

async function clickOften(owner: Context, baseUrl: string): Promise<{ summary: string; failed: number }> {
  const ids: string[] = [];
  for (let at = 0; at < 20; at++) ids.push(await add(owner, `Clicked ${at}`, baseUrl));
  const counts = new Map<string, number>();
  let begun = 0;
  const clicker = async (): Promise<void> => {
    while (begun < CLICKS) {
      const id = ids[begun++ % ids.length] ?? "";
      const answer = await testCredential(owner, { id }).then(
        () => "started or running",
        (error: { code?: string }) => error.code ?? String(error),
      );
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, clicker));
  const polite = new Set(["started or running", "rate_limit_exceeded"]);
  const failed = [...counts].reduce((sum, [answer, count]) => sum + (polite.has(answer) ? 0 : count), 0);
  return { summary: [...counts].map(([answer, count]) => `${count} × ${answer}`).join(", "), failed };
}

/** Kills the process that runs a test, and waits until another one has finished it. */
async function killOne(target: Target<string>, origin: string, open: () => number) {
  const { owner, close } = await openOwner(target, "killers");
  try {
    const id = await add(owner, "Killed", `${origin}/silent/v1`);
    const before = open();
    const done = outcomeOf(owner, id);
    await waitFor(() => open() > before, { timeoutMs: 3_000, everyMs: 5 });
    for (const pid of childrenOf(target.installation.proxy.pid())) {
      process.kill(pid, "SIGKILL");
      const isIt = await waitFor(() => open() <= before, { timeoutMs: 400, everyMs: 5 }).catch(() => false);
      if (isIt) break;
    }
    return await done;
  } finally {
    await close();
  }
}
