import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { createModel } from "@tollgate/control/models/create";
import { Pool } from "undici";
import { readOnlyCases } from "../../env.ts";
import { type Attack, atMost } from "../attack.ts";
import { bystanderInThread } from "../bystander-in-thread.ts";
import { loopProbe } from "../event-loop.ts";
import { startHostileAnswers } from "../hostile-answers.ts";
import { peakRssMib } from "../process-memory.ts";
import { openTarget } from "../target.ts";

const HELD_MS_MAX = 20;
const P99_MS_MAX = 50;
const RSS_MIB_MAX = 500;

type Surface = "chat" | "stream" | "messages" | "google" | "embeddings" | "picture" | "prose";

interface Case {
  behaviour: string;
  provider: "openai" | "google" | "bedrock";
  surface: Surface;
  /** How many at once. Default 2. */
  atOnce?: number;
}

const passed = (behaviour: string, surface: Surface = "stream", atOnce = 2): Case => ({
  ...{ behaviour, provider: surface === "google" ? "google" : "openai", surface, atOnce },
});
const translated = (behaviour: string, provider: Case["provider"], surface: Surface, atOnce = 2): Case => ({
  ...{ behaviour, provider, surface, atOnce },
});

/** Answers that a provider may give, and how they are asked for. */
const CASES: readonly Case[] = [
  ...["tiny-chunks", "same-events", "small-events", "empty-events", "blank-lines", "carriage-returns"].map((name) =>
    passed(name),
  ),
  ...["one-event", "escaped-event", "tool-arguments", "packed-stream"].map((name) => passed(name)),
  ...["large-answer", "splintered-answer", "large-error", "splintered-error"].map((name) => passed(name, "chat")),
  passed("packed-answer", "chat", 8),
  passed("embeddings", "embeddings"),
  ...["google-image", "google-text", "google-call"].map((name) => passed(name, "google")),
  ...["tiny-chunks", "small-events", "empty-events", "blank-lines", "packed-stream", "one-event", "tool-arguments"].map(
    (name) => translated(name, "openai", "messages"),
  ),
  translated("packed-answer", "google", "chat", 8),
  ...["google-image", "google-text", "google-call"].map((name) => translated(name, "google", "stream")),
  ...["frames", "large-frames"].map((name) => translated(name, "bedrock", "stream")),
  ...(["picture", "prose"] as const).flatMap((surface) => [
    translated("google-plain", "google", surface),
    translated("bedrock-plain", "bedrock", surface),
    passed("plain", surface),
  ]),
];

const nameOf = ({ behaviour, provider, surface }: Case): string => `${behaviour} ${provider} ${surface}`;
const modelOf = ({ behaviour, provider }: Pick<Case, "behaviour" | "provider">): string => `${provider}-${behaviour}`;

/** Models with a known price. */
const UPSTREAM_MODELS = {
  openai: "gpt-4o-mini",
  google: "gemini-2.5-flash",
  bedrock: "anthropic.claude-3-haiku-20240307-v1:0",
} as const;

const upstreamModelOf = (behaviour: string, provider: Case["provider"]): string =>
  behaviour === "embeddings" ? "text-embedding-3-small" : UPSTREAM_MODELS[provider];

async function arrange(owner: Context, url: (behaviour: string) => string): Promise<string> {
  const names = new Set<string>();
  for (const { behaviour, provider } of CASES) {
    const name = modelOf({ behaviour, provider });
    if (names.has(name)) continue;
    names.add(name);
    const version = provider === "openai" ? "/v1" : provider === "google" ? "/v1beta" : "";
    const { id } = await createCredential(owner, {
      ...{ name, provider, baseUrl: url(behaviour) + version, secret: "sk-hostile-secret" },
      ...(provider === "bedrock" && { scheme: "bearer" }),
    });
    await createModel(owner, {
      name,
      targets: [{ credentialId: id, upstreamModel: upstreamModelOf(behaviour, provider) }],
    });
  }
  const { secret } = await createKey(owner, { name: "attacker-answers", allow: [...names] });
  return secret;
}

const content = "Hello";
const MIB = 1024 * 1024;
const png = `data:image/png;base64,iVBORw0KGgo${"A".repeat(11 * MIB)}`;
const picture = [{ role: "user", content: [{ type: "image_url", image_url: { url: png } }] }];
/** As long as the longest contexts. */
const prose = [{ role: "user", content: 'He said: "A word, and more."\n'.repeat(140_000) }];
const REQUESTS: Record<Surface, (model: string) => { path: string; body: object }> = {
  chat: (model) => ({ path: "/v1/chat/completions", body: { model, messages: [{ role: "user", content }] } }),
  stream: (model) => ({
    path: "/v1/chat/completions",
    body: { model, stream: true, messages: [{ role: "user", content }] },
  }),
  messages: (model) => ({
    path: "/v1/messages",
    body: { model, stream: true, max_tokens: 100, messages: [{ role: "user", content }] },
  }),
  google: (model) => ({
    path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    body: { contents: [{ role: "user", parts: [{ text: content }] }] },
  }),
  embeddings: (model) => ({ path: "/v1/embeddings", body: { model, input: content } }),
  picture: (model) => ({ path: "/v1/chat/completions", body: { model, messages: picture, max_tokens: 5 } }),
  prose: (model) => ({ path: "/v1/chat/completions", body: { model, messages: prose, max_tokens: 5 } }),
};

/** Providers send answers, and clients large requests, that are costly to read. Other calls must not suffer. */
export const providerAnswers: Attack = {
  name: "provider-answers",
  does: `answers of providers that are costly to read: the event loop is held for at most ${HELD_MS_MAX} ms, another client's p99 is at most ${P99_MS_MAX} ms, RSS grows by at most ${RSS_MIB_MAX} MiB`,
  async run() {
    const only = readOnlyCases();
    const provider = await startHostileAnswers();
    const probe = await loopProbe();
    let secret = "";
    const target = await openTarget({
      keys: { bystander: [], attacker: [] },
      settings: probe.settings,
      preload: [probe.preload],
      async arrange(owner) {
        secret = await arrange(owner, provider.url);
      },
    });
    const pool = new Pool(target.proxyOrigin, { connections: 16, headersTimeout: 120_000, bodyTimeout: 120_000 });
    const measured: Record<string, string> = {};
    const broken: string[] = [];
    const pid = target.installation.proxy.pid();
    const rssAtStart = peakRssMib(pid);
    // Made before anything is measured: the other client runs in this process too.
    const made = new Map<Case, { path: string; body: Buffer }>();
    const madeFor = (one: Case) => {
      const { path, body } = REQUESTS[one.surface](modelOf(one));
      const request = { path, body: Buffer.from(JSON.stringify(body)) };
      made.set(one, request);
      return request;
    };
    const ask = async (one: Case): Promise<string> => {
      const { path, body } = made.get(one) ?? madeFor(one);
      const answer = await pool.request({
        ...{ path, method: "POST", body },
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      });
      let bytes = 0;
      let last = "";
      try {
        for await (const chunk of answer.body as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          last = chunk.subarray(-300).toString();
        }
      } catch (error) {
        return `${answer.statusCode} broken off ${error}`;
      }
      const isError = answer.statusCode !== 200 || /error/.test(last);
      return `${answer.statusCode} ${(bytes / 1e6).toFixed(1)} MB${isError ? ` ${last.slice(0, 160)}` : ""}`;
    };
    try {
      for (const one of CASES) {
        if (!nameOf(one).includes(only)) continue;
        await ask(one);
        await probe.reset();
        const other = bystanderInThread({
          origin: target.proxyOrigin,
          key: target.keys.bystander,
          model: target.model,
        });
        const startedAt = performance.now();
        const given = await Promise.all(Array.from({ length: one.atOnce ?? 2 }, () => ask(one)));
        await pause(Math.max(0, 300 - (performance.now() - startedAt)));
        const tookMs = performance.now() - startedAt;
        const { ms } = await probe.held();
        const seen = await other.stop();
        const rss = peakRssMib(pid) - rssAtStart;
        const name = nameOf(one);
        measured[name] =
          `held ${ms.toFixed(1)} ms, other p50 ${seen.p50.toFixed(1)} p99 ${seen.p99.toFixed(1)} ms, RSS +${rss.toFixed(0)} MiB, ${(tookMs / 1000).toFixed(1)} s, ${given[0]}`;
        broken.push(...atMost(`${name}: the event loop was held`, ms, HELD_MS_MAX, "ms"));
        broken.push(...atMost(`${name}: another client's p99`, seen.p99, P99_MS_MAX, "ms"));
        if (seen.failed > 0) broken.push(`${name}: ${seen.failed} of another client's calls failed`);
      }
      broken.push(...atMost("RSS grew by", peakRssMib(pid) - rssAtStart, RSS_MIB_MAX, "MiB"));
      return { measured, broken };
    } finally {
      await pool.close();
      await target.close();
      await provider.close();
    }
  },
};
