import { Prisma } from "./generated/client.ts";

/** Fragments for `tx.$queryRaw`, and the two nulls of a JSON column. `raw` is for SQL that the program has written itself. */
export const { sql, raw, join, empty, DbNull, JsonNull } = Prisma;

export type Sql = Prisma.Sql;
export type InputJson = Prisma.InputJsonValue;
export type Json = Prisma.JsonValue;
/** Only types: payloads of queries, and inputs. */
export type { Prisma } from "./generated/client.ts";
