import { fileURLToPath } from "node:url";
import { freePort } from "@tollgate/testkit/cluster";
import { startAnnounced, startProbed } from "@tollgate/testkit/node-process";
import { besideWorker } from "./beside-worker.ts";
import type { Contender } from "./contender.ts";
import { startTollgate } from "./tollgate.ts";
import { startTranslated } from "./translated.ts";

const SECRET = { authorization: "Bearer sk-bench" };
const env = { NODE_ENV: "production" };
const file = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier));

async function startOwn(script: string, ...args: string[]) {
  const { line, pid, stop } = await startAnnounced({ args: [file(script), ...args], env });
  return { origin: `http://127.0.0.1:${line}`, pid, stop };
}

/** Portkey's open-source gateway with no feature enabled: no key check, no limit, no log on disk. */
async function startPortkey(providerOrigin: string): Promise<Contender> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const script = file("@portkey-ai/gateway/build/start-server.js");
  const args = ["--import", file("./loopback.ts"), script, `--port=${port}`, "--headless"];
  const { pid, stop } = await startProbed({ args, env }, `${origin}/`);
  const headers = { ...SECRET, "x-portkey-provider": "openai", "x-portkey-custom-host": `${providerOrigin}/v1` };
  return { name: "portkey", origin, headers, pid, stop };
}

/** The fast fake provider, in a separate process. */
export const startProvider = () => startOwn("./fast-provider.ts");

/** Starts the provider and every way to it. Ratios are relative to `floor`. */
export async function startContenders(): Promise<{ contenders: Contender[]; stop(): Promise<void> }> {
  const provider = await startProvider();
  const direct: Contender = { name: "direct", ...provider, headers: SECRET, pid: null };
  const floor: Contender = { name: "floor", headers: SECRET, ...(await startOwn("./floor.ts", provider.origin)) };
  const contenders = [direct, floor, await startPortkey(provider.origin)];
  contenders.push(await startTollgate(provider.origin, { hasWorker: false }), await startTranslated(provider.origin));
  const withWorker = await startTollgate(provider.origin, { hasWorker: true });
  contenders.push(withWorker, besideWorker(floor, withWorker));
  return {
    contenders,
    stop: async () => {
      for (const contender of contenders.toReversed()) await contender.stop();
    },
  };
}
