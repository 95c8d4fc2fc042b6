import { TollgateError } from "@tollgate/contracts/errors";
import { z } from "zod";
import { invalid } from "../fields.ts";

/** Rows of one call at most. */
export const BULK_ROWS_MAX = 10_000;

/** Bytes of the body of such a call at most. */
export const BULK_BYTES_MAX = 8 * 1_048_576;

/** Milliseconds that such a call may take. Until it ends, no other change of the organisation is made. */
export const BULK_TIMEOUT_MS = 60_000;

/** Fields that an error names at most. */
const FIELDS_MAX = 200;

export const rows = <T extends z.ZodType>(row: T) =>
  z.array(row).min(1, "at least one row").max(BULK_ROWS_MAX, `at most ${BULK_ROWS_MAX} rows`);

/** Errors of rows. All rows are checked before anything is changed, so an answer names every wrong row. */
export class RowErrors {
  readonly #list: string;
  readonly #fields: Record<string, string> = {};

  /** `list` is the field with the rows. */
  constructor(list: string) {
    this.#list = list;
  }

  add(row: number, field: string | null, message: string): void {
    if (Object.keys(this.#fields).length >= FIELDS_MAX) return;
    this.#fields[[this.#list, row, ...(field === null ? [] : [field])].join(".")] ??= message;
  }

  /** The value of `check`; undefined if it throws `validation_failed`, whose fields become fields of the row. */
  try<T>(row: number, check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof TollgateError) || !error.detail.fields) throw error;
      for (const [field, message] of Object.entries(error.detail.fields)) this.add(row, field, message);
      return undefined;
    }
  }

  /** Adds an error to every row whose id another row has already. */
  refuseRepeats(ids: readonly string[], field: string | null): void {
    const seen = new Set<string>();
    for (const [row, id] of ids.entries()) {
      if (seen.has(id)) this.add(row, field, "is given twice");
      seen.add(id);
    }
  }

  /** Throws `validation_failed` if there is an error. */
  throw(): void {
    if (Object.keys(this.#fields).length > 0) throw invalid(this.#fields);
  }
}
