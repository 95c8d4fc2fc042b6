import { DbNull } from "@tollgate/db/query";
import { z } from "zod";

const Names = z.array(z.string());

/** Null allows every model. */
export const allowOf = (row: { allow: unknown }): string[] | null =>
  row.allow === null ? null : Names.parse(row.allow);

export const denyOf = (row: { deny: unknown }): string[] => Names.parse(row.deny);

/** What to write: absent lists stay as they are, and a null list is SQL's null. */
export const listData = (input: { allow?: string[] | null; deny?: string[] }) => ({
  ...(input.allow === undefined ? {} : { allow: input.allow === null ? DbNull : input.allow }),
  ...(input.deny === undefined ? {} : { deny: input.deny }),
});
