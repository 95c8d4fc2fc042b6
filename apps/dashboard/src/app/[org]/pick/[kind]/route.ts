import { TollgateError } from "@tollgate/contracts/errors";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";
import { PICK_KINDS } from "@/lib/pick-kinds.ts";
import { pickOptions } from "@/lib/pick-options.ts";

interface Route {
  params: Promise<{ org: string; kind: string }>;
}

/** The first options of a select that match what was typed. */
export const GET = (request: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const { org, kind } = await params;
    const known = PICK_KINDS.find((each) => each === kind);
    if (!known) throw new TollgateError("not_found", "There is nothing of this kind to choose from.");
    return pickOptions(await contextOf(org), known, new URL(request.url).searchParams.get("search") ?? "");
  });
