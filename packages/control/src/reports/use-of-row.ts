import type { Use } from "@tollgate/contracts/usage-event";
import { z } from "zod";
import { STORED, Used } from "./present-use.ts";
import type { EventRow } from "./request-row.ts";

const fieldOf = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const Amount = z.int();

/** What an event used, from its row in the ledger. */
export const useOf = (row: EventRow): Use => {
  const fields: Readonly<Record<string, unknown>> = row;
  const columns = STORED.map(({ id, column }) => [id, Amount.parse(fields[fieldOf(column)])]);
  return {
    input: row.inputTokens,
    output: row.outputTokens,
    ...Object.fromEntries(columns),
    ...Used.parse(row.use ?? {}),
  };
};
