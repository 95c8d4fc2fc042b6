import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { openTarget } from "../target.ts";

const MIB = 1024 * 1024;
const AT_ONCE = 4;

const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join();

/** About 1 MB each, of the shapes that cost a parser and a reader most, within and beyond what a body may hold. */
const SHAPES: readonly string[] = [
  `{${many(80_000, (n) => `"k${n}":1`)}}`,
  `[${many(95_000, () => "[]")}]`,
  `[${many(330_000, () => "[]")}]`,
  `[${many(19, (o) => `{${many(4_900, (n) => `"k${o}_${n}":1`)}}`)}]`,
  `[${many(90_000, () => '"a text"')}]`,
  `"${"\\n".repeat(MIB / 2)}"`,
  `"${"\\u00e9".repeat(MIB / 6)}"`,
  `"${'\\"'.repeat(MIB / 2)}"`,
  `${"[".repeat(60)}${many(MIB / 4, () => "1e9")}${"]".repeat(60)}`,
  " ".repeat(MIB),
];

/** Bodies of 1 MB whose shape costs most. */
export const jsonShapes: Attack = {
  name: "json-shapes",
  does: `bodies of 1 MB of costly shapes, ${AT_ONCE} at once: another client's call is delayed by at most 20 ms at p99`,
  async run() {
    const target = await openTarget({ keys: { bystander: [], attacker: [] } });
    const pool = new Pool(target.proxyOrigin, { connections: AT_ONCE });
    const statuses = new Map<string, number>();
    try {
      const quiet = bystander({ origin: target.proxyOrigin, key: target.keys.bystander, model: target.model });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const base = await quiet.stop();
      const other = bystander({ origin: target.proxyOrigin, key: target.keys.bystander, model: target.model });
      for (let round = 0; round < 5; round++) {
        for (const shape of SHAPES) {
          // For no model: the provider of this rig shares a process with the other client and must not read these.
          const body = `{"model":"none","max_tokens":16,"messages":[{"role":"user","content":"Hi"}],"metadata":${shape}}`;
          const send = async (): Promise<void> => {
            const response = await pool.request({
              path: "/v1/chat/completions",
              method: "POST",
              headers: { authorization: `Bearer ${target.keys.attacker}`, "content-type": "application/json" },
              body,
            });
            await response.body.dump();
            const status = String(response.statusCode);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          };
          await Promise.all(Array.from({ length: AT_ONCE }, send));
        }
      }
      const seen = await other.stop();
      return {
        measured: {
          answers: [...statuses].map(([status, count]) => `${count} × ${status}`).join(", "),
          "another client alone, p50, p99": `${base.p50.toFixed(1)}, ${base.p99.toFixed(1)} ms`,
          "beside it, p50, p99, slowest": `${seen.p50.toFixed(1)}, ${seen.p99.toFixed(1)}, ${seen.slowest.toFixed(1)} ms`,
        },
        broken: [
          ...(seen.failed === 0 ? [] : [`${seen.failed} of another client's calls failed`]),
          ...atMost("another client's p99 grew by", seen.p99 - base.p99, 20, "ms"),
        ],
      };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
