import { listCatalogueModels } from "@tollgate/control/catalogue/models";
import { contextOf } from "@/lib/context.ts";
import { jsonResponse } from "@/lib/json-response.ts";

interface Route {
  params: Promise<{ org: string }>;
}

/** The catalogue's models of one provider, as suggestions for a target. */
export const GET = (request: Request, { params }: Route): Promise<Response> =>
  jsonResponse(async () => {
    const provider = new URL(request.url).searchParams.get("provider") ?? "";
    return listCatalogueModels(await contextOf((await params).org), { provider });
  });
