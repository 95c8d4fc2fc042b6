import { listRequests } from "@tollgate/control/reports/requests";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";
import { readFilter, requestsInput } from "../filter.ts";

interface Route {
  params: Promise<{ org: string }>;
}

/** A page of the table as JSON: the newest rows, or those before `cursor`. */
export const GET = (request: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const { searchParams } = new URL(request.url);
    const input = requestsInput(readFilter(searchParams), Date.now(), searchParams.get("cursor") ?? undefined);
    return listRequests(await contextOf((await params).org), input);
  });
