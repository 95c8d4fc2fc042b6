import type { Usage } from "@tollgate/testkit/provider-answer";
import { answer, type Behaviour, cutAfter } from "@tollgate/testkit/provider-behaviour";
import { Pool } from "undici";
import { billNano } from "../../moody-provider.ts";
import type { Attack } from "../attack.ts";
import { openTarget } from "../target.ts";

const CAP_USD = "0.0005";
const CAP_NANO = 500_000n;
const CALLS = { resets: 150, timeouts: 5, aborts: 130 } as const;
/** Fewer than the consecutive failures that open a target's breaker: the budget has to refuse the calls. */
const AT_ONCE = 4;
const HEADER_TIMEOUT_MS = 300;

const USAGE: Usage = { input: 10, output: 100, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const said = answer({ text: "word ".repeat(80), chunks: 10, usage: USAGE });

type Way = keyof typeof CALLS;

/** What the provider does, by the word in the prompt. It always charges for the whole answer. */
const WAYS: Record<Way, Behaviour> = {
  resets: cutAfter(10, "reset", said),
  timeouts: () => ({ head: null, moves: ["stall"], bills: USAGE }),
  aborts: cutAfter(10, "stall", said),
};

const isWay = (prompt: string): prompt is Way => prompt in WAYS;

/** The provider charges for whole answers that no client receives completely, under small budgets. */
export const brokenAnswers: Attack = {
  name: "broken-answers",
  does: `${CALLS.resets} streams that are reset, ${CALLS.timeouts} calls that time out and ${CALLS.aborts} that are aborted, each under a hard budget: the provider's bill stays within it`,
  async run() {
    const capped = [{ unit: "usd", window: "total", amount: CAP_USD }] as const;
    const target = await openTarget({
      keys: { bystander: [], resets: capped, timeouts: capped, aborts: capped },
      settings: { TOLLGATE_HEADER_TIMEOUT_MS: String(HEADER_TIMEOUT_MS) },
    });
    const pool = new Pool(target.proxyOrigin, { connections: AT_ONCE });
    target.provider.scriptModel(target.model, (asked) => (isWay(asked.prompt) ? WAYS[asked.prompt] : answer())(asked));

    const ask = (key: string, content: string, stream: boolean) =>
      pool.request({
        path: "/v1/chat/completions",
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: target.model,
          max_tokens: 100,
          stream,
          messages: [{ role: "user", content }],
        }),
      });

    async function call(way: Way): Promise<void> {
      const { body } = await ask(target.keys[way], way, way !== "timeouts");
      if (way !== "aborts") return body.dump();
      // The client leaves in the middle: it reads only the first bytes.
      body.on("error", () => {});
      for await (const _ of body) break;
    }

    let failed = 0;
    /** Another client's call succeeds after each broken one. So the breaker stays closed, and the budget has to refuse. */
    async function succeed(): Promise<void> {
      const { statusCode, body } = await ask(target.keys.bystander, "Hello", false);
      await body.dump();
      if (statusCode !== 200) failed++;
    }

    async function inTurns(way: Way): Promise<void> {
      let begun = 0;
      const client = async (): Promise<void> => {
        while (begun++ < CALLS[way]) {
          await call(way);
          await succeed();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
    }

    try {
      const measured: Record<string, string> = {};
      const broken: string[] = [];
      for (const way of Object.keys(CALLS) as Way[]) {
        await inTurns(way);
        const asked = target.provider.requests.filter(({ prompt }) => prompt === way);
        const bill = asked.reduce((sum, { bills }) => sum + (bills ? billNano(bills) : 0n), 0n);
        measured[way] = `${asked.length} reached the provider, which bills ${bill} of ${CAP_NANO} nano-dollars`;
        if (asked.length === 0) broken.push(`${way}: no call reached the provider`);
        if (bill > CAP_NANO) broken.push(`${way}: the provider bills ${bill} nano-dollars, ${CAP_NANO} are allowed`);
      }
      if (failed > 0) broken.push(`${failed} calls of another client failed`);
      return { measured, broken };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
