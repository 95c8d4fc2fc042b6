import { DbNull } from "@tollgate/db/query";
import { z } from "zod";

const Names = z.array(z.string());

/** Null allows every model. */
export const allowOf = (row: { allow: unknown }): string[] | null =>
  row.allow === null ? null : Names.parse(row.allow);

export const denyOf = (row: { deny: unknown }): string[] => Names.parse(row.deny);

/** The values to write. Absent lists stay unchanged; a null list becomes SQL's null. */
export const listData = (input: { allow?: string[] | null; deny?: string[] }) => ({
  ...(input.allow === undefined ? {} : { allow: input.allow === null ? DbNull : input.allow }),
  ...(input.deny === undefined ? {} : { deny: input.deny }),
});
