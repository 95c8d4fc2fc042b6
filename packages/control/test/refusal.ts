import { TollgateError } from "@tollgate/contracts/errors";

/** What a caller is told when the call is refused; fails when it is not. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; fields: string[] }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return { code: error.code, message: error.message, fields: Object.keys(error.detail.fields ?? {}) };
  }
  throw new Error("it was not refused");
}
