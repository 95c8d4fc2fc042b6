import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import type { Contender } from "./contender.ts";
import { type Case, requestBody } from "./workload.ts";

/** Sends calls of one case to one contender over kept-alive connections; a wrong answer ends the bench. */
export interface Load {
  /** Keeps `concurrency` calls under way for `durationMs` or `callsMax`. Returns the number of answers and the time. */
  saturate(concurrency: number, durationMs: number, callsMax?: number): Promise<{ calls: number; elapsedMs: number }>;
  /** Starts `perSecond` calls a second for `durationMs` without waiting for answers. Returns each call's latency in ms. */
  pace(perSecond: number, durationMs: number): Promise<number[]>;
  close(): Promise<void>;
}

const END: Record<Case, string> = { json: "}\n", stream: "data: [DONE]\n\n" };

export function load(contender: Contender, name: Case): Load {
  const pool = new Pool(contender.origin, { connections: 256 });
  const body = requestBody(name, contender.model);
  const headers = { "content-type": "application/json", ...contender.headers };

  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let status = 0;
      let last: Buffer = Buffer.alloc(0);
      pool.dispatch(
        { path: "/v1/chat/completions", method: "POST", headers, body },
        {
          onRequestStart() {},
          onResponseStart(_controller, code) {
            status = code;
          },
          onResponseData(_controller, chunk) {
            last = chunk;
          },
          onResponseEnd() {
            const whole = status === 200 && last.toString().trimEnd().endsWith(END[name].trimEnd());
            if (whole) resolve();
            else
              reject(
                new Error(`${contender.name} answered a ${name} call with ${status}: ${last.toString().slice(-500)}`),
              );
          },
          onResponseError: (_controller, error) => reject(new Error(`${contender.name}: ${error.message}`)),
        },
      );
    });

  return {
    async saturate(concurrency, durationMs, callsMax = Number.POSITIVE_INFINITY) {
      const start = performance.now();
      let calls = 0;
      const client = async (): Promise<void> => {
        for (; performance.now() - start < durationMs && calls < callsMax; calls++) await call();
      };
      await Promise.all(Array.from({ length: concurrency }, client));
      return { calls, elapsedMs: performance.now() - start };
    },
    async pace(perSecond, durationMs) {
      const start = performance.now();
      const latencies: Promise<number>[] = [];
      for (let due = 0; due < durationMs; due += 1000 / perSecond) {
        const early = due - (performance.now() - start);
        if (early > 0) await pause(early);
        const sent = performance.now();
        latencies.push(call().then(() => performance.now() - sent));
      }
      return Promise.all(latencies);
    },
    close: () => pool.destroy(),
  };
}
