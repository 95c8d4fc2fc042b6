import { connect, createServer, type Server, type Socket } from "node:net";
import type { Grant } from "@tollgate/contracts/grant";
import { uuidV7 } from "@tollgate/contracts/ids";
import { query } from "@tollgate/testkit/cluster";
import { type DirectoryOptions, type OpenDirectory, openDirectory } from "../../src/directory/directory.ts";
import { openReader, type Reader, type ReaderOptions } from "../../src/directory/reader.ts";

export interface Relay {
  url: string;
  /** Closes every connection and accepts no new ones, like a killed server. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Stops passing data while connections stay open. */
  silence(isSilent: boolean): void;
}

/** A TCP proxy in front of Postgres. */
export async function openRelay(to: string): Promise<Relay> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  let isSilent = false;
  const mend = async (): Promise<void> => {
    server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.on("data", (bytes) => {
          if (!isSilent) other.write(bytes);
        });
        one.on("error", () => {});
        one.on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
      }
    });
    server.listen(port, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    port = (server.address() as { port: number }).port;
  };
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  await mend();
  const url = new URL(to);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    mend,
    async cut() {
      drop();
      await new Promise((resolve) => server?.close(resolve));
    },
    silence(now) {
      isSilent = now;
      if (!now) drop();
    },
  };
}

export interface Opened {
  directory: OpenDirectory;
  reader: Reader;
  /** Each read of keys: the ids asked for. */
  keyReads: string[][];
  orgReads: string[][];
  errors: { fields: Record<string, unknown>; message: string }[];
  warnings: string[];
  /** The policy of a key; undefined: there is none. Rejects with the refusal. */
  find(publicId: string, clientAddress?: string): Promise<Grant | undefined>;
  /** The code of the refusal, or what was found. */
  outcome(publicId: string, clientAddress?: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function open(
  own: Partial<DirectoryOptions> & Pick<DirectoryOptions, "connectionString" | "dir">,
  options: ReaderOptions = {},
  /** Where notifications are listened for, if elsewhere. */
  listenUrl = own.connectionString,
): Promise<Opened> {
  const reader = openReader(own.connectionString, options);
  const [keyReads, orgReads, errors, warnings] = [[], [], [], []] as [
    string[][],
    string[][],
    Opened["errors"],
    string[],
  ];
  const directory = await openDirectory({
    reader: {
      ...reader,
      keys(publicIds) {
        if (publicIds.length > 0) keyReads.push([...publicIds]);
        return reader.keys(publicIds);
      },
      orgs(orgIds, wantsCounters) {
        orgReads.push([...orgIds]);
        return reader.orgs(orgIds, wantsCounters);
      },
    },
    processId: "one",
    log: {
      info() {},
      warn: (fields) => void warnings.push(JSON.stringify(fields)),
      error: (fields, message) => void errors.push({ fields: { ...fields }, message }),
    },
    now: Date.now,
    staleAfterMs: 60_000,
    refuseAfterMs: null,
    onSettled: () => {},
    ...own,
    connectionString: listenUrl,
  });
  const find: Opened["find"] = async (publicId, clientAddress = "203.0.113.7") =>
    directory.find(publicId, { atMs: Date.now(), clientAddress });
  return {
    directory,
    reader,
    keyReads,
    orgReads,
    errors,
    warnings,
    find,
    outcome: (publicId, clientAddress) =>
      find(publicId, clientAddress).then(
        (grant) => grant?.key.state ?? "unknown",
        (error: { code?: string }) => error.code,
      ),
    async close() {
      await directory.close();
      await reader.close();
    },
  };
}

export async function addKey(ownerUrl: string, orgId: string, publicId: string): Promise<void> {
  await query(
    ownerUrl,
    `insert into virtual_key (id, org_id, public_id, name, last_four)
     values ('${uuidV7(Date.now())}', '${orgId}', '${publicId}', 'A key', 'abcd')`,
  );
}
