import { listPrices } from "@tollgate/control/prices/list";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";

interface Route {
  params: Promise<{ org: string }>;
}

const SHOWN_MAX = 50;

/** The organisation's own prices of one upstream model, latest first. */
export const GET = (request: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const { searchParams } = new URL(request.url);
    const [provider, upstreamModel] = [searchParams.get("provider") ?? "", searchParams.get("upstreamModel") ?? ""];
    const ctx = await contextOf((await params).org);
    return listPrices(ctx, { provider, upstreamModel, sort: "-from", limit: SHOWN_MAX });
  });
