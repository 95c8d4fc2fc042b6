import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { loopProbe } from "../event-loop.ts";
import { peakRssMib } from "../process-memory.ts";
import { openTarget } from "../target.ts";

const MIB = 1024 * 1024;

const line = (model: string, id: string, content: string): string =>
  `{"custom_id":"${id}","method":"POST","url":"/v1/chat/completions","body":{"model":"${model}","max_tokens":5,"messages":[{"role":"user","content":"${content}"}]}}`;

/** Inputs of batches, each about as large as a body may be. */
const FILES: Record<string, (model: string) => string> = {
  "one line": (model) => line(model, "a", "a".repeat(30 * MIB)),
  "many lines": (model) => Array.from({ length: 50_000 }, (_, at) => line(model, `l${at}`, "Hi")).join("\n"),
  "empty lines": () => "\n".repeat(30 * MIB),
  brackets: () => "[".repeat(30 * MIB),
  numbers: () => `{"custom_id":${"1".repeat(30 * MIB)}}`,
};

/** Bodies of message batches. */
const BODIES: Record<string, () => string> = {
  "escaped quotes": () => `{"requests":[{"custom_id":"a","params":{"x":"${'\\"'.repeat(15 * MIB)}"}}]}`,
  "empty requests": () => `{"requests":[${"{},".repeat(99_999)}{}]}`,
  numbers: () => `{"requests":[${"1,".repeat(2 * MIB)}1]}`,
};

const BOUNDARY = "attack";
const form = (text: string): string =>
  [
    ...[`--${BOUNDARY}`, 'content-disposition: form-data; name="purpose"', "", "batch"],
    ...[`--${BOUNDARY}`, 'content-disposition: form-data; name="file"; filename="input.jsonl"', "", text],
    `--${BOUNDARY}--\r\n`,
  ].join("\r\n");

interface Made {
  name: string;
  path: string;
  type: string;
  body: Buffer;
}

/** All bodies as bytes, made before anything is measured: the other client runs in this process too. */
const made = (model: string): Made[] => [
  ...Object.entries(FILES).map(([name, make]) => ({
    ...{ name, path: "/v1/files", type: `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.from(form(make(model))),
  })),
  ...Object.entries(BODIES).map(([name, make]) => ({
    ...{ name, path: "/v1/messages/batches", type: "application/json" },
    body: Buffer.from(make()),
  })),
];

/** Sends inputs of batches that are made to take long to check. Other calls must not suffer. */
export const batchInputs: Attack = {
  name: "batch-inputs",
  does: "files and message batches of 30 MiB, one after the other: the event loop is held for at most 50 ms",
  async run() {
    const probe = await loopProbe();
    const keys = { bystander: [], attacker: [] };
    const target = await openTarget({ keys, settings: probe.settings, preload: [probe.preload] });
    let worst = 0;
    const statuses: string[] = [];
    const pool = new Pool(target.proxyOrigin, { connections: 1, headersTimeout: 60_000 });
    try {
      const pid = target.installation.proxy.pid();
      const bodies = made(target.model);
      const before = peakRssMib(pid);
      const other = bystander({ origin: target.proxyOrigin, key: target.keys.bystander, model: target.model });
      for (const { name, path, type, body } of bodies) {
        await probe.reset();
        const headers = { authorization: `Bearer ${target.keys.attacker}`, "content-type": type };
        const answer = await pool.request({ path, method: "POST", headers, body });
        await answer.body.dump();
        const { ms } = await probe.held();
        worst = Math.max(worst, ms);
        statuses.push(`${name} ${answer.statusCode} (${ms.toFixed(1)} ms)`);
      }
      await pause(500);
      const seen = await other.stop();
      return {
        measured: {
          "answers, and the longest turn of the event loop": statuses.join(", "),
          "RSS grew at most by": `${(peakRssMib(pid) - before).toFixed(0)} MiB`,
          "another client's p50, p99, slowest": `${seen.p50.toFixed(1)}, ${seen.p99.toFixed(1)}, ${seen.slowest.toFixed(1)} ms`,
        },
        broken: [
          ...(seen.failed === 0 ? [] : [`${seen.failed} of another client's calls failed`]),
          ...atMost("the event loop was held for", worst, 50, "ms"),
        ],
      };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
