import { query } from "@tollgate/testkit/cluster";
import { answer, stall } from "@tollgate/testkit/provider-behaviour";
import { redisMissing } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Pool } from "undici";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Governed, governedOrganisation } from "../src/governed-organisation.ts";
import { PROCESSES, type SharedInstallation, sharedInstallation } from "./shared-installation.ts";

const AT_ONCE = 1_000;
const OUTPUT_TOKENS = 1_000;
const CALLS_A_MINUTE = 100;
const TOKENS_A_MINUTE = 20_000;
const TOKENS_A_CALL = 100;

const KEYS = {
  // A call costs 1,000 × $0.0000006 and a little for the prompt. It is held at the priority price, which is 5/3 of that.
  usd: [{ unit: "usd", window: "total", amount: "0.0015" }],
  tokens: [{ unit: "tokens", window: "total", amount: "1500" }],
  concurrent: [{ unit: "concurrent", window: "total", amount: "1" }],
  callsAMinute: [{ unit: "requests", window: "minute", amount: String(CALLS_A_MINUTE) }],
  tokensAMinute: [{ unit: "tokens", window: "minute", amount: String(TOKENS_A_MINUTE) }],
} as const;

describe.skipIf(await redisMissing())(`a limit that ${PROCESSES} processes share`, () => {
  let shared: SharedInstallation;
  let governed: Governed<keyof typeof KEYS>;
  let pool: Pool;
  let leaving: AbortController;

  beforeAll(async () => {
    shared = await sharedInstallation();
    governed = await governedOrganisation(shared.rig.settings, shared.provider.url, { keys: KEYS });
    await Promise.all([shared.rig.proxy.start(), shared.rig.worker.start()]);
    return shared.close;
  });
  beforeEach(() => {
    pool = new Pool(shared.rig.proxyOrigin, { connections: AT_ONCE });
    leaving = new AbortController();
  });
  afterEach(() => pool.destroy());

  async function call(key: keyof typeof KEYS, outputTokens: number): Promise<number> {
    const response = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${governed.keys[key]}` },
      body: JSON.stringify({
        model: governed.model,
        max_tokens: outputTokens,
        messages: [{ role: "user", content: "hi" }],
      }),
      signal: leaving.signal,
    });
    await response.body.dump();
    // On a slow machine the store can take longer than a call waits for it. As a client does, try again.
    return response.statusCode === 503 ? call(key, outputTokens) : response.statusCode;
  }

  const using = (output: number): void =>
    shared.provider.scriptModel(governed.model, answer({ usage: { input: 10, output } }));

  test.each(["usd", "tokens"] as const)(
    `of ${AT_ONCE} calls at once, one of which fits its %s, admits one`,
    async (key) => {
      using(OUTPUT_TOKENS);
      const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => call(key, OUTPUT_TOKENS)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(new Set(statuses)).toEqual(new Set([200, key === "usd" ? 402 : 429]));
    },
  );

  test(`of ${AT_ONCE} calls at once, one of which may be under way, admits one`, async () => {
    shared.provider.scriptModel(governed.model, stall());
    const refused: number[] = [];
    const calls = Array.from({ length: AT_ONCE }, () =>
      call("concurrent", 16).then(
        (status) => refused.push(status),
        () => "left",
      ),
    );
    await waitFor(() => refused.length === AT_ONCE - 1);
    leaving.abort();
    const ends = await Promise.all(calls);
    expect(ends.filter((end) => end === "left")).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set([429]));
  });

  /** Makes `count` calls as fast as possible. Returns what the ledger has of each minute. */
  async function minutesOf(key: "callsAMinute" | "tokensAMinute", count: number) {
    let begun = 0;
    const client = async (): Promise<void> => {
      while (begun++ < count) await call(key, TOKENS_A_CALL - 10);
    };
    await Promise.all(Array.from({ length: 64 }, client));
    return waitFor(
      async () => {
        const rows = await query<{ asked: number; accepted: number; tokens: number }>(
          shared.database.ownerUrl,
          `select count(*)::integer as asked, (count(*) filter (where outcome <> 'refused'))::integer as accepted,
             sum(input_tokens + output_tokens)::integer as tokens
           from usage_event as e join virtual_key as k on k.id = e.key_id where k.name = '${key}'
           group by date_trunc('minute', e.at)`,
        );
        return rows.reduce((sum, { asked }) => sum + asked, 0) === count ? rows : undefined;
      },
      { everyMs: 250 },
    );
  }

  test("lets a minute have its calls, to within 2 %, when ten times as many ask", async () => {
    using(TOKENS_A_CALL - 10);
    const minutes = await minutesOf("callsAMinute", CALLS_A_MINUTE * 10);
    for (const { asked, accepted } of minutes) {
      expect(accepted).toBeLessThanOrEqual(CALLS_A_MINUTE * 1.02);
      expect(accepted).toBeGreaterThanOrEqual(Math.min(asked, CALLS_A_MINUTE * 0.98));
    }
  });

  test("lets a minute have its tokens, to within 2 %, when ten times as many are asked for", async () => {
    using(TOKENS_A_CALL - 10);
    const minutes = await minutesOf("tokensAMinute", (TOKENS_A_MINUTE / TOKENS_A_CALL) * 10);
    for (const { asked, tokens } of minutes) {
      expect(tokens).toBeLessThanOrEqual(TOKENS_A_MINUTE * 1.02);
      // A minute with few calls cannot reach its limit.
      if (asked > (TOKENS_A_MINUTE / TOKENS_A_CALL) * 2) expect(tokens).toBeGreaterThanOrEqual(TOKENS_A_MINUTE * 0.98);
    }
  });
});
