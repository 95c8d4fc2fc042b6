import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { peakRssMib } from "../process-memory.ts";
import { openTarget } from "../target.ts";

const MIB = 1024 * 1024;
const AT_ONCE = 24;
const ROUNDS = 4;

const chat = (model: string, more: string): string =>
  `{"model":"${model}","max_tokens":16,"messages":[{"role":"user","content":"Hi"}],"metadata":${more}}`;

/** Small on the wire, large in memory. Each is sent by 24 clients at once. */
const BODIES: Record<string, (model: string) => string> = {
  "one text": (model) => chat(model, JSON.stringify({ text: "a".repeat(31 * MIB) })),
  "empty arrays": (model) => chat(model, `[${"[],".repeat((31 * MIB) / 3)}[]]`),
  "arrays, packed less": (model) => chat(model, `[${"[],".repeat(MIB)}[]]`),
};

/** Sends compressed bodies that are large when unpacked. Memory and other calls must not suffer. */
export const packedBodies: Attack = {
  name: "packed-bodies",
  does: `${AT_ONCE} gzip bodies of 31 KB and 31 MiB at once: RSS grows by at most 300 MiB, another client's p99 is at most 50 ms`,
  async run() {
    const target = await openTarget({ keys: { bystander: [], attacker: [] } });
    const pool = new Pool(target.proxyOrigin, { connections: AT_ONCE, headersTimeout: 60_000 });
    const statuses = new Map<string, number>();
    try {
      const packed = Object.values(BODIES).map((body) => gzipSync(body(target.model), { level: 6 }));
      const send = async (body: Buffer): Promise<void> => {
        const response = await pool.request({
          path: "/v1/chat/completions",
          method: "POST",
          headers: {
            authorization: `Bearer ${target.keys.attacker}`,
            "content-type": "application/json",
            "content-encoding": "gzip",
          },
          body,
        });
        await response.body.dump();
        const status = String(response.statusCode);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      };
      const pid = target.installation.proxy.pid();
      const before = peakRssMib(pid);
      const other = bystander({ origin: target.proxyOrigin, key: target.keys.bystander, model: target.model });
      for (let round = 0; round < ROUNDS; round++) {
        for (const body of packed) await Promise.all(Array.from({ length: AT_ONCE }, () => send(body)));
      }
      await pause(1_000);
      const seen = await other.stop();
      const grownMib = peakRssMib(pid) - before;
      return {
        measured: {
          answers: [...statuses].map(([status, count]) => `${count} × ${status}`).join(", "),
          "RSS grew at most by": `${grownMib.toFixed(0)} MiB`,
          "another client's p50, p99, slowest": `${seen.p50.toFixed(1)}, ${seen.p99.toFixed(1)}, ${seen.slowest.toFixed(1)} ms`,
        },
        broken: [
          ...(seen.failed === 0 ? [] : [`${seen.failed} of another client's calls failed`]),
          ...atMost("RSS grew by", grownMib, 300, "MiB"),
          ...atMost("another client's p99", seen.p99, 50, "ms"),
        ],
      };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
