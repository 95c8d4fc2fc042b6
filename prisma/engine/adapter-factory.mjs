import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { readCatalogTypes } from "./catalog-types.mjs";
import { createDatabase, dropDatabase } from "./database-commands.mjs";
import { readDatabaseUrl } from "./database-url.mjs";

/** The pg adapter with what the schema engine needs. `close` ends all sessions that it opened. */
export function openAdapterFactory({ url, shadowDatabaseUrl }) {
  const opened = new Set();
  const connect = async (to) => {
    const { connection, schema } = readDatabaseUrl(to);
    const adapter = await new PrismaPg(connection, { schema }).connect();
    opened.add(adapter);
    return forEngine(adapter);
  };
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(url),
    connectToShadowDb: () => (shadowDatabaseUrl ? connectEmptied(shadowDatabaseUrl) : connectThrowaway()),
    async close() {
      for (const adapter of opened) await adapter.dispose().catch(() => undefined);
    },
  };

  async function connectEmptied(shadowUrl) {
    const shadow = await connect(shadowUrl);
    await shadow.executeScript("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
    return shadow;
  }

  async function connectThrowaway() {
    const own = new URL(url);
    own.pathname = `/prisma_migrate_shadow_db_${randomUUID()}`;
    await createDatabase(own.href);
    const shadow = await connect(own.href);
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await dropDatabase(own.href);
    };
    return shadow;
  }
}

function forEngine(adapter) {
  // The adapter's own function splits at every `;`, also inside a function body, but a script must be sent whole.
  adapter.executeScript = async function executeScript(script) {
    try {
      await this.client.query(script);
    } catch (error) {
      this.onError(error);
    }
  };
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (...options) => readCatalogTypes(await startTransaction(...options));
  return readCatalogTypes(adapter);
}
