import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on a free loopback port and prints the port as the first line, for which `startChild` waits. */
export function announce(server: Server): void {
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}
