import { getRequest } from "@tollgate/control/reports/request";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";

interface Route {
  params: Promise<{ org: string; id: string }>;
}

/** The details of a request as JSON. */
export const GET = (_: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const { org, id } = await params;
    return getRequest(await contextOf(org), { id });
  });
