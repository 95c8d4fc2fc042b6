import { generateKeyPairSync, randomBytes } from "node:crypto";
import path from "node:path";
import { uuidV7 } from "@tollgate/contracts/ids";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { listAlerts } from "@tollgate/control/alerts/list";
import type { Context } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { createProducer } from "@tollgate/jobs/producer";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type NodeProcess, startQuietly } from "@tollgate/testkit/node-process";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { signBatch } from "@tollgate/vault/event-mac";
import { afterAll } from "vitest";

export interface TestSetup {
  database: TestDatabase;
  channelPrivateKey: Buffer;
  /** A new organisation; its owner's context. */
  organisation(name?: string): Promise<Context>;
  /** Sends usage as a proxy does: calls of a quarter of a dollar each. The batch is sent `times` times. */
  ship(owner: Context, calls: number, times?: number): Promise<void>;
  /** Starts a worker process; it is stopped after the test file. */
  work(settings?: Record<string, string>): NodeProcess;
  /** All deliveries to the channel of this name, the newest alert first. */
  deliveries(owner: Context, channel: string): Promise<{ state: string; attempts: number; error: string | null }[]>;
}

const main = path.join(import.meta.dirname, "../src/main.ts");
const PASSWORD = "correct horse battery";

/** A raw X25519 key pair, as an installation generates it. */
function sealingKeys(): { publicKey: Buffer; privateKey: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519", {
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  });
  return { publicKey: publicKey.subarray(-32), privateKey: privateKey.subarray(-32) };
}

export async function openTestSetup(): Promise<TestSetup> {
  const database = await testDatabase();
  const keys = sealingKeys();
  const { services, close } = openControl({
    databaseUrl: database.controlUrl,
    pepper: randomBytes(32),
    auditKey: randomBytes(32),
    sealPublicKey: randomBytes(32),
    channelPublicKey: keys.publicKey,
    privateHosts: parsePrivateHosts("127.0.0.1=*"),
    proxyUrl: "http://localhost:4000",
  });
  const eventKey = randomBytes(32);
  const jobs = createProducer({ url: database.proxyUrl });
  const workers: NodeProcess[] = [];
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await jobs.close();
    await close();
    await database.drop();
  });
  return {
    database,
    channelPrivateKey: keys.privateKey,
    async organisation(name = "Acme") {
      const email = `${freshId()}@example.com`;
      const { slug } = await createOrganisationFor(
        services,
        { organisation: name, owner: { email, password: PASSWORD, name: "Ada" } },
        null,
      );
      const { sessionId } = await signIn(services, { email, password: PASSWORD }, null);
      return contextForSession(services, sessionId, slug, null);
    },
    async ship({ orgId }, calls, times = 1) {
      const spoolId = freshId();
      const events = Array.from({ length: calls }, () =>
        JSON.stringify(usageEvent({ id: uuidV7(Date.now()), orgId, costNano: "250000000", attempts: [] })),
      );
      const batches = events.map((event, from) => ({
        spoolId,
        from: String(from),
        to: String(from + 1),
        events: [event],
      }));
      const sent = Array.from({ length: times }, () => batches).flat();
      await Promise.all(sent.map((batch) => jobs.enqueue("usage.ingest", { ...batch, ...signBatch(eventKey, batch) })));
    },
    work(settings = {}) {
      const env = {
        TOLLGATE_INGEST_DATABASE_URL: database.ingestUrl,
        TOLLGATE_CHANNEL_PRIVATE_KEY: keys.privateKey.toString("base64"),
        TOLLGATE_EVENT_KEY: eventKey.toString("base64"),
        TOLLGATE_LOG_LEVEL: "silent",
        NEXTAUTH_URL: "https://tollgate.example",
        ...settings,
      };
      const worker = startQuietly({ args: [main], env });
      workers.push(worker);
      return worker;
    },
    async deliveries(owner, channel) {
      const { items } = await listAlerts(owner, {});
      const all = items.flatMap(({ deliveries }) => deliveries);
      return all
        .filter(({ channelName }) => channelName === channel)
        .map(({ state, attempts, error }) => ({ state, attempts, error }));
    },
  };
}
