import { Pool } from "undici";
import { type Attack, atMost } from "../attack.ts";
import { bystander } from "../bystander.ts";
import { openTarget } from "../target.ts";

const CALLS = 5_000;
const AT_ONCE = 16;

/** Sends unknown keys with large bodies. The proxy must neither query the database for them nor read the bodies. */
export const manyStrangers: Attack = {
  name: "many-strangers",
  does: `${CALLS} calls with made-up keys: each is 401, and another client's p99 stays below 50 ms`,
  async run() {
    const target = await openTarget({ keys: { bystander: [] } });
    const pool = new Pool(target.proxyOrigin, { connections: AT_ONCE });
    try {
      const other = bystander({ origin: target.proxyOrigin, key: target.keys.bystander, model: target.model });
      let sent = 0;
      let answered401 = 0;
      const client = async (): Promise<void> => {
        while (sent < CALLS) {
          sent++;
          const response = await pool.request({
            path: "/v1/chat/completions",
            method: "POST",
            headers: { authorization: `Bearer tg_live_${"x".repeat(48)}`, "content-type": "application/json" },
            body: "{}",
          });
          await response.body.dump();
          if (response.statusCode === 401) answered401++;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
      const seen = await other.stop();
      return {
        measured: { "answered 401": `${answered401} of ${sent}`, "another client's p99": `${seen.p99.toFixed(1)} ms` },
        broken: [
          ...(answered401 === sent ? [] : [`${sent - answered401} calls with made-up keys were not answered 401`]),
          ...(seen.failed === 0 ? [] : [`${seen.failed} of another client's calls failed`]),
          ...atMost("another client's p99", seen.p99, 50, "ms"),
        ],
      };
    } finally {
      await pool.close();
      await target.close();
    }
  },
};
