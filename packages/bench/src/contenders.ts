import { fileURLToPath } from "node:url";
import { freePort, startAnnounced, startProbed } from "./child.ts";

/** One way from the load to the provider. `direct` has no process of its own. */
export interface Contender {
  name: "direct" | "floor" | "portkey" | "tollgate";
  origin: string;
  headers: Record<string, string>;
  pid: number | null;
  stop(): Promise<void>;
}

const SECRET = { authorization: "Bearer sk-bench" };

async function floor(providerOrigin: string): Promise<Contender> {
  const { port, pid, stop } = await startAnnounced("./floor.ts", providerOrigin);
  return { name: "floor", origin: `http://127.0.0.1:${port}`, headers: SECRET, pid, stop };
}

/** Portkey's open-source gateway with nothing switched on: no key of ours to check, no limit, no log to disk. */
async function portkey(providerOrigin: string): Promise<Contender> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const file = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier));
  const loopback = file("./loopback.ts");
  const script = file("@portkey-ai/gateway/build/start-server.js");
  const args = ["--import", loopback, script, `--port=${port}`, "--headless"];
  const { pid, stop } = await startProbed({ args }, `${origin}/`);
  const headers = { ...SECRET, "x-portkey-provider": "openai", "x-portkey-custom-host": `${providerOrigin}/v1` };
  return { name: "portkey", origin, headers, pid, stop };
}

/** Starts the provider and every way to it; the floor is the ratio's one. */
export async function startContenders(): Promise<{ contenders: Contender[]; stop(): Promise<void> }> {
  const provider = await startAnnounced("./fast-provider.ts");
  const origin = `http://127.0.0.1:${provider.port}`;
  const direct: Contender = { name: "direct", origin, headers: SECRET, pid: null, stop: async () => {} };
  const contenders = [direct, await floor(origin), await portkey(origin)];
  return {
    contenders,
    stop: async () => {
      await Promise.all(contenders.map((contender) => contender.stop()));
      await provider.stop();
    },
  };
}
