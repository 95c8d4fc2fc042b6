import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

export interface Address {
  port: number;
  host: string;
  /** Name of the port's setting. */
  setting: string;
  /** Whether other processes listen on the same port too. */
  shared?: boolean;
}

/** Opens a port and returns its number (a free port for 0). Throws an error of one line that names the setting. */
export async function listen(server: Server, { port, host, setting, shared = false }: Address): Promise<number> {
  server.listen({ port, host, reusePort: shared });
  try {
    await once(server, "listening");
  } catch (error) {
    throw new Error(reason(error as NodeJS.ErrnoException, { port, host, setting }));
  }
  return (server.address() as AddressInfo).port;
}

function reason({ code, message }: NodeJS.ErrnoException, { port, host, setting }: Address): string {
  if (code === "EADDRINUSE") return `port ${port} is taken: free it, or set ${setting} to another one.`;
  if (code === "EACCES") return `port ${port} may not be opened by this user: set ${setting} to one above 1023.`;
  return `port ${port} (${setting}) cannot be opened on ${host}: ${message}.`;
}
