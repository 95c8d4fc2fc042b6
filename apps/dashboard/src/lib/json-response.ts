import { TollgateError } from "@tollgate/contracts/errors";

/** Answers with the result of a query, or with the status and message of its error. Never cached. */
export async function jsonResponse(query: () => Promise<unknown>): Promise<Response> {
  const headers = { "cache-control": "private, no-store" };
  try {
    return Response.json(await query(), { headers });
  } catch (error) {
    if (error instanceof TollgateError) {
      return Response.json({ code: error.code, message: error.message }, { status: error.status, headers });
    }
    console.error(error);
    return Response.json({ code: "internal_error", message: "An internal error occurred." }, { status: 500, headers });
  }
}
