import { TollgateError } from "@tollgate/contracts/errors";

/** Answers with what a query yields, or with the status and sentence of its refusal. Never cached. */
export async function jsonResponse(query: () => Promise<unknown>): Promise<Response> {
  const headers = { "cache-control": "private, no-store" };
  try {
    return Response.json(await query(), { headers });
  } catch (error) {
    if (error instanceof TollgateError) {
      return Response.json({ code: error.code, message: error.message }, { status: error.status, headers });
    }
    console.error(error);
    return Response.json({ code: "internal_error", message: "Something went wrong." }, { status: 500, headers });
  }
}
