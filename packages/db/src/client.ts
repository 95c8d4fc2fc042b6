import { PrismaPg } from "@prisma/adapter-pg";
import { CLIENT } from "./client-key.ts";
import { PrismaClient } from "./generated/client.ts";

export interface DatabaseOptions {
  connectionString: string;
  /** Connections at most, default 10. */
  max?: number;
}

/** Opaque on purpose: rows are reached through `withTenant` and its kin alone. */
export interface Database {
  readonly [CLIENT]: PrismaClient;
  close(): Promise<void>;
}

/** Connects on first use. */
export function openDatabase({ connectionString, max = 10 }: DatabaseOptions): Database {
  // The adapter drops the offset of a timestamptz: in any other time zone instants would be read wrong.
  const adapter = new PrismaPg({ connectionString, max, options: "-c TimeZone=UTC" });
  const client = new PrismaClient({ adapter });
  return { [CLIENT]: client, close: () => client.$disconnect() };
}
