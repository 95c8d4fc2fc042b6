import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, requireFreePorts } from "../src/ports.ts";

async function occupied() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test("the error for a port in use names the port and its setting", async () => {
  const { port, close } = await occupied();
  await expect(requireFreePorts({ PROXY_PORT: await freePort(), METRICS_PORT: port })).rejects.toThrow(
    `port ${port} is taken: free it, or set METRICS_PORT to another one.`,
  );
  close();
});

test("two settings cannot share a port", async () => {
  const port = await freePort();
  await expect(requireFreePorts({ PROXY_PORT: port, METRICS_PORT: port })).rejects.toThrow(
    `PROXY_PORT and METRICS_PORT are both ${port}`,
  );
});

test("after a crash, the start waits for a port to become free", async () => {
  const { port, close } = await occupied();
  const freed = requireFreePorts({ PROXY_PORT: port });
  close();
  await expect(freed).resolves.toBeUndefined();
});
