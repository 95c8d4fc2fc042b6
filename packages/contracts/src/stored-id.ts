import { z } from "zod";

/** A UUID as Postgres writes it. */
export const StoredId = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "expected a UUID in lower case");
