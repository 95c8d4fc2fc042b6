import { Prisma } from "./generated/client.ts";

/** Prisma's codes for a server that is unreachable, disconnects, is full, or gives no connection or transaction in time. */
const PRISMA_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2037"]);

/** Postgres's codes: connection exceptions, insufficient resources, shut down or starting. */
const SQLSTATE = /^(08...|53...|57P0[123])$/;

/** Messages of pg, which has no code for a connection that breaks in a transaction. */
const BROKEN = /^(Client has encountered a connection error|Connection terminated)/;

type DriverError = { cause?: { originalCode?: unknown } };

/** Prisma wraps the driver's error if a query fails, but not if a commit fails. */
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

/** The database did not answer. The operation did not happen, or its outcome is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

/** The thrown error, or `DatabaseUnavailable` if it means that the database does not answer. */
export const named = (error: unknown): unknown =>
  isUnreachable(error) ? new DatabaseUnavailable("The database does not answer.", { cause: error }) : error;
