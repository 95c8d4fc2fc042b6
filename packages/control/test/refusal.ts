import { TollgateError } from "@tollgate/contracts/errors";

/** The error of a refused call. Fails if the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; fields: string[] }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return { code: error.code, message: error.message, fields: Object.keys(error.detail.fields ?? {}) };
  }
  throw new Error("the call was not refused");
}
