import { parentPort, workerData } from "node:worker_threads";
import { type BystanderOptions, bystander } from "./bystander.ts";

/** Started by `bystanderInThread`. Makes calls until it gets a message, then answers with what it measured. */
const running = bystander(workerData as BystanderOptions);
parentPort?.once("message", async () => parentPort?.postMessage(await running.stop()));
