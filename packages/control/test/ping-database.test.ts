import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { openControl } from "@tollgate/control/open";
import { pingDatabase } from "@tollgate/control/ping-database";
import { waitFor } from "@tollgate/testkit/wait-for";
import { expect, test } from "vitest";

const bytes = Buffer.alloc(32);
const control = (port: number) =>
  openControl({
    databaseUrl: `postgresql://nobody:nothing@127.0.0.1:${port}/none`,
    pepper: bytes,
    auditKey: bytes,
    sealPublicKey: bytes,
    channelPublicKey: bytes,
    privateHosts: new Map(),
    proxyUrl: "http://localhost:4000",
  });

test("an unreachable database and one that hangs count as not answering", async () => {
  const sockets: { destroy(): void }[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const [gone, hangs] = [control(1), control((silent.address() as AddressInfo).port)];
  expect(await pingDatabase(gone.services, 5_000)).toBe(false);
  expect(await Promise.all([1, 2, 3].map(() => pingDatabase(hangs.services, 50)))).toEqual([false, false, false]);
  // A probe has only one query at a time.
  await waitFor(() => sockets.length > 0);
  expect(await pingDatabase(hangs.services, 50)).toBe(false);
  expect(sockets).toHaveLength(1);
  for (const socket of sockets) socket.destroy();
  silent.close();
  await Promise.all([gone.close(), hangs.close()]);
});
