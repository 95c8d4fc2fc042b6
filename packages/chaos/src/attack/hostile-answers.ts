import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A provider in a thread of its own: the clients that are measured run in this process. */
export interface HostileAnswers {
  /** Base URL of the provider with this behaviour. */
  url(behaviour: string): string;
  close(): Promise<void>;
}

/** Starts a provider that answers each request by the first part of its path; see `hostile-answers-thread.ts`. */
export async function startHostileAnswers(): Promise<HostileAnswers> {
  const worker = new Worker(new URL("./hostile-answers-thread.ts", import.meta.url));
  const [port] = (await once(worker, "message")) as [number];
  return {
    url: (behaviour) => `http://127.0.0.1:${port}/${behaviour}`,
    close: async () => void (await worker.terminate()),
  };
}
