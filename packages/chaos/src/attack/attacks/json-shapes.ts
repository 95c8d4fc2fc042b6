import { gzipSync } from "node:zlib";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { listModels } from "@tollgate/control/models/list";
import { updateModel } from "@tollgate/control/models/update";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { type Held, loopProbe } from "../event-loop.ts";
import { ANSWERS, MIB, SHAPES, smallCall } from "../json-shapes.ts";
import { openTarget } from "../target.ts";

const AT_ONCE = 4;
const ROUNDS = 5;
const GROWTH_MS_MAX = 20;
const HELD_MS_MAX = 20;
/** Number of tries; the smallest result counts. A stall appears in every try, a pause of the machine does not. */
const REPEATS = 3;

/** Sends bodies of 1 MB in the shapes that cost the most to parse. */
export const jsonShapes: Attack = {
  name: "json-shapes",
  does: `bodies of 1 MB of costly shapes, ${AT_ONCE} at once: another client's p99 grows by ${GROWTH_MS_MAX} ms at most, the event loop is held ${HELD_MS_MAX} ms at most`,
  async run() {
    const probe = await loopProbe();
    const target = await openTarget({
      settings: probe.settings,
      preload: [probe.preload],
      keys: { bystander: [], attacker: [{ unit: "usd", window: "total", amount: "1000000" }] },
      async arrange(owner) {
        await createGuardrail(owner, { name: "Words", kind: "keyword", patterns: ["a text"], action: "redact" });
        const [model] = (await listModels(owner, {})).items;
        if (model) await updateModel(owner, { id: model.id, cacheTtlSeconds: 60 });
      },
    });
    const { proxyOrigin: origin, keys, model } = target;
    const pool = new Pool(origin, { connections: AT_ONCE });
    const statuses = new Map<number, number>();
    const send = async (body: string): Promise<void> => {
      const response = await pool.request({
        path: "/v1/chat/completions",
        method: "POST",
        headers: { authorization: `Bearer ${keys.attacker}`, "content-type": "application/json" },
        body,
      });
      await response.body.dump();
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
    };
    const crowd = (body: string) => Promise.all(Array.from({ length: AT_ONCE }, () => send(body)));
    try {
      const measured: Record<string, string> = {};
      const broken: string[] = [];
      const quiet = bystander({ origin, key: keys.bystander, model });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const base = await quiet.stop();
      const other = bystander({ origin, key: keys.bystander, model });
      await probe.reset();
      for (let round = 0; round < ROUNDS; round++) {
        // The model does not exist: this provider shares a process with the other client and must not parse these bodies.
        for (const shape of Object.values(SHAPES)) await crowd(shape("none"));
      }
      const { delayMs, turnMs } = await probe.held();
      const seen = await other.stop();
      measured["the proxy's event loop meanwhile"] =
        `delay ${delayMs.toFixed(1)} ms, longest turn ${turnMs.toFixed(1)} ms of processor time`;
      measured["another client alone, p50, p99"] = `${base.p50.toFixed(1)}, ${base.p99.toFixed(1)} ms`;
      measured["beside it, p50, p99, slowest"] =
        `${seen.p50.toFixed(1)}, ${seen.p99.toFixed(1)}, ${seen.slowest.toFixed(1)} ms`;
      if (seen.failed > 0) broken.push(`${seen.failed} of another client's calls failed`);
      broken.push(...atMost("another client's p99 grew by", seen.p99 - base.p99, GROWTH_MS_MAX, "ms"));

      // The complete path, with a guardrail that redacts, a cache and a budget.
      for (const [name, shape] of Object.entries(SHAPES)) {
        const held: Held[] = [];
        const body = shape(model);
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          await probe.reset();
          await crowd(body);
          held.push(await probe.held());
        }
        const least = Math.min(...held.map(({ ms }) => ms));
        measured[`${name} (${(body.length / MIB).toFixed(1)} MiB)`] = `${least.toFixed(1)} ms`;
        broken.push(...atMost(`${name}: the event loop was held`, least, HELD_MS_MAX, "ms"));
      }
      for (const [name, text] of Object.entries(ANSWERS)) {
        const answer = raw([gzipSync(text())], { "content-type": "application/json", "content-encoding": "gzip" });
        const held: Held[] = [];
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          target.provider.script(answer);
          await probe.reset();
          await send(smallCall(model));
          held.push(await probe.held());
        }
        const least = Math.min(...held.map(({ ms }) => ms));
        measured[`a provider's packed answer of ${name}`] = `${least.toFixed(1)} ms`;
        broken.push(...atMost(`a provider's answer of ${name}: the event loop was held`, least, HELD_MS_MAX, "ms"));
      }
      measured.answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
      return { measured, broken };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
