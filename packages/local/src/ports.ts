import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "./refusal.ts";

/** Ports of `npm start`, by the name of their setting. */
export type Ports = Record<string, number>;

/**
 * @param patienceMs how long to wait for a port in use (the processes of a killed start end a moment after it)
 * @throws Refusal naming the port and its setting.
 */
export async function requireFreePorts(ports: Ports, patienceMs = 0): Promise<void> {
  const owner = new Map<number, string>();
  for (const [setting, port] of Object.entries(ports)) {
    const other = owner.get(port);
    if (other) throw new Refusal(`${other} and ${setting} are both ${port}: set one of them to another port.`);
    owner.set(port, setting);
  }
  const deadline = Date.now() + patienceMs;
  for (const [setting, port] of Object.entries(ports)) {
    while (await isTaken(port)) {
      if (Date.now() >= deadline)
        throw new Refusal(`port ${port} is taken: free it, or set ${setting} to another one.`);
      await pause(100);
    }
  }
}

/** Below the range for outgoing connections, so that no connection takes the port before the server starts or restarts. */
const FREE_FROM = 20_000;
const FREE_TO = 32_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FREE_FROM, FREE_TO);
    if (!(await isTaken(port))) return port;
  }
}

async function isTaken(port: number): Promise<boolean> {
  const taken = await Promise.all(["127.0.0.1", "::1"].map((host) => refusesListener(port, host)));
  return taken.includes(true);
}

function refusesListener(port: number, host: string): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    // Only these two mean that the port cannot be used. A machine without IPv6, for example, is no problem.
    server.once("error", ({ code }: NodeJS.ErrnoException) => answer(code === "EADDRINUSE" || code === "EACCES"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => answer(false)));
  });
}
