import { Prisma } from "./generated/client.ts";

/** Prisma's words for a server that is not there, breaks off, is full, or gives no connection or transaction in time. */
const PRISMA_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2037"]);

/** Postgres's own: connection exceptions, insufficient resources, shut down or still starting. */
const SQLSTATE = /^(08...|53...|57P0[123])$/;

/** pg's own, which has no code for a connection that broke in a transaction. */
const BROKEN = /^(Client has encountered a connection error|Connection terminated)/;

type DriverError = { cause?: { originalCode?: unknown } };

/** Prisma wraps the driver's error when a query failed, and lets it through as it is when a commit did. */
const sqlState = (error: Error): string => {
  const wrapped = error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : error;
  return String((wrapped as DriverError | undefined)?.cause?.originalCode ?? "");
};

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError && PRISMA_CODES.has(error.code)) return true;
  return SQLSTATE.test(sqlState(error)) || BROKEN.test(error.message);
}

/** The database did not answer, or stopped answering; what was asked of it did not happen, or cannot be told. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

/** What was thrown, named if it means that the database does not answer. */
export const named = (error: unknown): unknown =>
  isUnreachable(error) ? new DatabaseUnavailable("The database does not answer.", { cause: error }) : error;
