import { setLimit } from "@tollgate/control/limits/set";
import { query } from "@tollgate/testkit/cluster";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { Pool } from "undici";
import { governedOrganisation } from "../../governed-organisation.ts";
import { type Attack, atMost, type Finding } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { rssMib } from "../process-memory.ts";
import { openTarget } from "../target.ts";

const SESSIONS = 1_000_000;
const CALLS = 25_000;
const AT_ONCE = 16;
/** Calls of one session that its limit allows. */
const ALLOWED = 3;
const PROBES = 5;

async function attack(redisUrl: string | null): Promise<Finding> {
  let limitId = "";
  let orgId = "";
  const target = await openTarget({
    keys: { attacker: [] },
    hasWorker: true,
    settings: redisUrl ? { REDIS_URL: redisUrl } : {},
    async arrange(owner) {
      const limit = {
        scope: "run",
        subject: null,
        unit: "requests",
        window: "total",
        amount: String(ALLOWED),
      } as const;
      limitId = (await setLimit(owner, { ...limit, mode: "block", onStoreDown: "refuse" })).id;
      orgId = owner.orgId;
    },
  });
  const { installation, provider, proxyOrigin } = target;
  const pool = new Pool(proxyOrigin, { connections: AT_ONCE });
  async function call(session: string): Promise<number> {
    const response = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: {
        authorization: `Bearer ${target.keys.attacker}`,
        "content-type": "application/json",
        "x-tollgate-session": session,
      },
      body: JSON.stringify({ model: target.model, max_tokens: 5, messages: [{ role: "user", content: "hi" }] }),
    });
    await response.body.dump();
    return response.statusCode;
  }
  const probe = async (session: string): Promise<number> => {
    const statuses: number[] = [];
    for (let at = 0; at < PROBES; at += 1) statuses.push(await call(session));
    return statuses.filter((status) => status === 200).length;
  };
  try {
    const others = await governedOrganisation(installation.settings, provider.url, {
      name: "Globex",
      keys: { other: [] },
    });
    await query(
      target.ownerUrl,
      `insert into limit_counter (org_id, limit_id, subject, window_start, settled)
       select '${orgId}', '${limitId}', 'session ' || n, to_timestamp(0), 2 from generate_series(1, ${SESSIONS}) as n`,
      "analyze limit_counter",
    );
    await installation.proxy.stop();
    await installation.proxy.start();
    const pid = installation.proxy.pid();
    const rssBefore = rssMib(pid);
    const other = bystander({ origin: proxyOrigin, key: others.keys.other, model: others.model });
    const startedMs = performance.now();
    const first = await call("the first one");
    const firstMs = performance.now() - startedMs;
    const passed = { before: await probe("session 7"), fresh: await probe("fresh") };
    let sent = 0;
    const statuses = new Map<number, number>();
    const client = async (): Promise<void> => {
      while (sent < CALLS) {
        sent += 1;
        const status = await call(`hostile ${sent}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    const after = { before: await probe("session 7"), fresh: await probe("fresh") };
    const seen = await other.stop();
    const grewMib = rssMib(pid) - rssBefore;
    const store = redisUrl ? "with Redis" : "in memory";
    return {
      measured: {
        [`first call, ${store}`]: `${firstMs.toFixed(0)} ms (${first})`,
        [`calls of new sessions, ${store}`]: [...statuses].map(([status, count]) => `${count} × ${status}`).join(", "),
        [`another tenant's p99, ${store}`]: `${seen.p99.toFixed(1)} ms, ${seen.failed} of ${seen.calls} failed`,
        [`RSS grew, ${store}`]: `${grewMib.toFixed(0)} MiB`,
      },
      broken: [
        ...atMost(`first call of ${SESSIONS} sessions, ${store}`, firstMs, 2_000, "ms"),
        ...(first === 200 ? [] : [`the first call, ${store}, was answered ${first}`]),
        ...(passed.before === 1 ? [] : [`a known session got ${passed.before} calls instead of 1, ${store}`]),
        ...(passed.fresh === ALLOWED
          ? []
          : [`a new session got ${passed.fresh} calls instead of ${ALLOWED}, ${store}`]),
        ...(after.before + after.fresh === 0
          ? []
          : [`sessions that were used up got ${after.before + after.fresh} calls, ${store}`]),
        ...(seen.failed === 0 ? [] : [`${seen.failed} of another tenant's calls failed, ${store}`]),
        ...atMost(`another tenant's p99, ${store}`, seen.p99, 1_000, "ms"),
        ...atMost(`RSS grew, ${store}`, grewMib, 150, "MiB"),
      ],
    };
  } finally {
    await pool.close();
    await target.close();
  }
}

/** A limit on each run has a million counters, and a client sends a new session with each call. */
export const manySessions: Attack = {
  name: "many-sessions",
  does: `a limit on each of ${SESSIONS} runs: the first call takes at most 2 s, ${CALLS} new sessions neither exceed their limit nor the memory, and another tenant notices nothing`,
  async run() {
    const findings = [await attack(null)];
    if (!(await redisMissing())) {
      const redis = await testRedis();
      findings.push(await attack(redis.url).finally(() => redis.stop()));
    }
    return {
      measured: Object.assign({}, ...findings.map(({ measured }) => measured)),
      broken: findings.flatMap(({ broken }) => broken),
    };
  },
};
