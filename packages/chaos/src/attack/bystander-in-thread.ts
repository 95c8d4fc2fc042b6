import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Bystander, BystanderOptions, Seen } from "./bystander.ts";

/** `bystander` in a thread of its own, for attacks whose own clients are too busy to measure anything. */
export function bystanderInThread(options: BystanderOptions): Bystander {
  const worker = new Worker(new URL("./bystander-thread.ts", import.meta.url), { workerData: options });
  return {
    async stop() {
      worker.postMessage("stop");
      const [seen] = (await once(worker, "message")) as [Seen];
      await worker.terminate();
      return seen;
    },
  };
}
