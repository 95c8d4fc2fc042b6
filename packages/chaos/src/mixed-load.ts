import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import { type Random, seeded } from "./random.ts";

/** What a client saw of one call. */
export interface ClientCall {
  /** Name of the call in all records: Tollgate has it as the client's request id, the provider as the prompt. */
  name: string;
  key: string;
  stream: boolean;
  startedMs: number;
  endedMs: number;
  /** Null if no answer began. */
  status: number | null;
  /** Error code of a refusal. */
  code: string | null;
  requestId: string | null;
  /** Whether the client received the complete answer. */
  isWhole: boolean;
  /** Whether the client left on purpose. */
  hasLeft: boolean;
}

export interface MixedLoadOptions {
  origin: string;
  model: string;
  /** A key's secret, and its share of the calls. */
  keys: Record<string, { secret: string; share: number }>;
  seed: number;
  perSecond: number;
}

export interface MixedLoad {
  /** Calls that have ended, in the order of their ends. */
  readonly clientCalls: readonly ClientCall[];
  /** Starts no more calls and waits for those under way. */
  stop(): Promise<void>;
}

const STREAM_SHARE = 0.3;
const LEAVING_SHARE = 0.1;
const LEAVE_WITHIN_MS = 120;
const OUTPUT_TOKENS_MAX = 256;
const PATIENCE_MS = 30_000;

/** The body is parsed only for its id. */
const codeOf = (text: string): string | null => {
  try {
    return String(JSON.parse(text).error?.code ?? "none");
  } catch {
    return "unreadable";
  }
};

const isWholeAnswer = (text: string, stream: boolean): boolean =>
  stream ? text.trimEnd().endsWith("data: [DONE]") : text.trimEnd().endsWith("}");

/** Starts a fixed number of calls per second, whether or not earlier calls have ended. Does not retry. */
export function mixedLoad({ origin, model, keys, seed, perSecond }: MixedLoadOptions): MixedLoad {
  const pool = new Pool(origin, { connections: 512, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  const clientCalls: ClientCall[] = [];
  const underWay = new Set<Promise<void>>();
  const random = seeded(seed);
  let isStopping = false;

  const pickKey = (): string => {
    let left = random.next();
    for (const [name, { share }] of Object.entries(keys)) {
      left -= share;
      if (left < 0) return name;
    }
    return Object.keys(keys)[0] ?? "";
  };

  async function call(name: string, key: string, stream: boolean, leaveAfterMs: number | null): Promise<void> {
    const seen: ClientCall = {
      name,
      key,
      stream,
      startedMs: performance.now(),
      endedMs: 0,
      status: null,
      code: null,
      requestId: null,
      isWhole: false,
      hasLeft: false,
    };
    const leaving = new AbortController();
    const timer = leaveAfterMs === null ? null : setTimeout(() => leaving.abort(), leaveAfterMs);
    try {
      const response = await pool.request({
        path: "/v1/chat/completions",
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${keys[key]?.secret}`,
          "x-request-id": name,
          "x-tollgate-tags": `stream=${stream}`,
        },
        body: JSON.stringify({
          model,
          stream,
          max_tokens: OUTPUT_TOKENS_MAX,
          messages: [{ role: "user", content: name }],
        }),
        signal: leaving.signal,
      });
      seen.status = response.statusCode;
      seen.requestId = String(response.headers["x-tollgate-request-id"] ?? "") || null;
      const text = await response.body.text();
      if (response.statusCode === 200) seen.isWhole = isWholeAnswer(text, stream);
      else seen.code = codeOf(text);
    } catch {
      seen.hasLeft = leaving.signal.aborted;
    }
    if (timer) clearTimeout(timer);
    seen.endedMs = performance.now();
    clientCalls.push(seen);
  }

  const leaveAfter = (at: Random): number | null => (at.next() < LEAVING_SHARE ? at.between(0, LEAVE_WITHIN_MS) : null);

  async function run(): Promise<void> {
    const startedMs = performance.now();
    for (let number = 0; !isStopping; number++) {
      const earlyMs = (number * 1000) / perSecond - (performance.now() - startedMs);
      if (earlyMs > 0) await pause(earlyMs);
      const one = call(`call ${number}`, pickKey(), random.next() < STREAM_SHARE, leaveAfter(random));
      underWay.add(one);
      void one.finally(() => underWay.delete(one));
    }
  }

  const running = run();
  return {
    clientCalls,
    async stop() {
      isStopping = true;
      await running;
      await Promise.all(underWay);
      await pool.destroy();
    },
  };
}
