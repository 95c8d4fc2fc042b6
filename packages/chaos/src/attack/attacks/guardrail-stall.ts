import { createGuardrail } from "@tollgate/control/guardrails/create";
import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { type Held, loopProbe } from "../event-loop.ts";
import { openTarget } from "../target.ts";

const BYTES = 1_000_000;
const KEYWORD_RULES = 50;
const HELD_MS_MAX = 20;
/** Number of tries; the smallest result counts. A stall appears in every try, a pause of the machine does not. */
const REPEATS = 3;

/** Each piece is repeated to 1 MB of text. It is made to slow one kind of scan. */
const PIECES: Record<string, string> = {
  "beginnings of tokens": "eyJ",
  "tokens with two parts": "eyJaaaaaaaaaaa.eyJ",
  "beginnings of keys": "sk-proj-",
  "connection strings": "redis://a:",
  "beginnings of private keys": "-----BEGIN PRIVATE KEY-----",
  "PuTTY keys": "PuTTY-User-Key-File-3: Private-MAC: ",
  "marks in the wrong order": "\u0301\u0327",
  "letters that grow when normalised": "\ufdfa",
  "invisible characters": "\u200b",
  backslashes: "\\",
  "escapes of escapes": '\\"',
  "keywords within keywords": "code name ",
  "a regex that is quadratic": "a",
  prose: "The quick brown fox jumps over the lazy dog. ",
};

/** A text whose JSON has `BYTES` bytes. */
const repeated = (piece: string): string => {
  const bytes = Buffer.byteLength(JSON.stringify(piece)) - 2;
  return piece.repeat(Math.floor(BYTES / bytes));
};

const TEXTS: Record<string, unknown> = {
  ...Object.fromEntries(Object.entries(PIECES).map(([name, piece]) => [name, repeated(piece)])),
  "JSON within a text": `["${"\\n".repeat(BYTES / 3)}"]`,
  "escapes around a secret": `${repeated('\\"').slice(0, -100)} AKIA${"A7Z".repeat(5)}A `,
  "thirty thousand texts": Array.from({ length: 30_000 }, () => ({ type: "text", text: "a b" })),
  "a thousand texts": Array.from({ length: 1_000 }, () => ({ type: "text", text: "sk-proj-".repeat(120) })),
};

/** Sends texts that are made to slow guardrails, while another client makes small calls. */
export const guardrailStall: Attack = {
  name: "guardrail-stall",
  does: `1 MB texts made to slow ${KEYWORD_RULES} keyword rules, secrets and regexes: the event loop is held ${HELD_MS_MAX} ms at most`,
  async run() {
    const probe = await loopProbe();
    const target = await openTarget({
      settings: probe.settings,
      preload: [probe.preload],
      keys: { bystander: [], attacker: [] },
      async arrange(owner) {
        const flag = { action: "flag", onFailure: "open" } as const;
        for (let rule = 0; rule < KEYWORD_RULES; rule++) {
          const patterns = [`project-${rule}`, `code name ${rule}`, "code name", "code name code name"];
          await createGuardrail(owner, { name: `Words ${rule}`, kind: "keyword", patterns, ...flag });
        }
        await createGuardrail(owner, { name: "Secrets", kind: "secret", action: "redact" });
        for (const pattern of ["(?s)a.*Z|a", String.raw`\b\d{3}-\d{2}-\d{4}\b`, "(?s)x.{900}y"]) {
          await createGuardrail(owner, { name: pattern, kind: "regex", patterns: [pattern], ...flag });
        }
      },
    });
    const { proxyOrigin: origin, keys, model } = target;
    const pool = new Pool(origin, { connections: 1 });
    const send = async (content: unknown): Promise<number> => {
      const response = await pool.request({
        path: "/v1/chat/completions",
        method: "POST",
        headers: { authorization: `Bearer ${keys.attacker}`, "content-type": "application/json" },
        body: JSON.stringify({ model, max_tokens: 16, messages: [{ role: "user", content }] }),
      });
      await response.body.dump();
      return response.statusCode;
    };
    try {
      const measured: Record<string, string> = {};
      const broken: string[] = [];
      const other = bystander({ origin, key: keys.bystander, model });
      for (const [name, content] of Object.entries(TEXTS)) {
        const held: Held[] = [];
        let status = 0;
        let tookMs = 0;
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          await probe.reset();
          const startedMs = performance.now();
          status = await send(content);
          tookMs = performance.now() - startedMs;
          held.push(await probe.held());
        }
        const least = Math.min(...held.map(({ ms }) => ms));
        const delayMs = Math.min(...held.map((each) => each.delayMs));
        measured[name] =
          `${least.toFixed(1)} ms (delay ${delayMs.toFixed(1)} ms; answered ${status} after ${tookMs.toFixed(0)} ms)`;
        if (status !== 200 && status !== 400) broken.push(`${name}: answered ${status}`);
        broken.push(...atMost(`${name}: the event loop was held`, least, HELD_MS_MAX, "ms"));
      }
      const seen = await other.stop();
      measured["another client"] =
        `p50 ${seen.p50.toFixed(1)} ms, p99 ${seen.p99.toFixed(1)} ms, slowest ${seen.slowest.toFixed(1)} ms`;
      if (seen.failed > 0) broken.push(`${seen.failed} of another client's ${seen.calls} calls failed`);
      return { measured, broken };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
