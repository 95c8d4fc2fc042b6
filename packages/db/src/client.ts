import { PrismaPg } from "@prisma/adapter-pg";
import { CLIENT } from "./client-key.ts";
import { PrismaClient } from "./generated/client.ts";
import { openPool } from "./pool.ts";

export interface DatabaseOptions {
  connectionString: string;
  /** Maximum number of connections. Default 10. */
  max?: number;
}

/** Opaque on purpose: rows are accessible only through `withTenant` and similar functions. */
export interface Database {
  readonly [CLIENT]: PrismaClient;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openDatabase({ connectionString, max = 10 }: DatabaseOptions): Database {
  const adapter = new PrismaPg(openPool({ connectionString, max }), { disposeExternalPool: true });
  const client = new PrismaClient({ adapter });
  return { [CLIENT]: client, close: () => client.$disconnect() };
}
