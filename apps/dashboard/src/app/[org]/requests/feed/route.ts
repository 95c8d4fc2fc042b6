import { listRequests } from "@tollgate/control/reports/requests";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";
import { liveInput, readFilter, requestsInput } from "../filter.ts";

interface Route {
  params: Promise<{ org: string }>;
}

/** Rows of the table as JSON: those before `cursor`, or without one those of the last minutes. */
export const GET = (request: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const { searchParams } = new URL(request.url);
    const [filter, cursor] = [readFilter(searchParams), searchParams.get("cursor")];
    const input = cursor ? requestsInput(filter, Date.now(), cursor) : liveInput(filter, Date.now());
    return listRequests(await contextOf((await params).org), input);
  });
