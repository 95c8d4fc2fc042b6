import { Prisma } from "./generated/client.ts";

/** Fragments for `tx.$queryRaw`, and the two nulls of a JSON column. */
export const { sql, join, empty, DbNull, JsonNull } = Prisma;

export type Sql = Prisma.Sql;
export type InputJson = Prisma.InputJsonValue;
export type Json = Prisma.JsonValue;
/** Only types: payloads of queries, and inputs. */
export type { Prisma } from "./generated/client.ts";
