import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { Context, Services } from "@tollgate/control/context";
import { etagOf } from "@tollgate/control/etag";
import { type Answer, once } from "@tollgate/control/idempotent";
import { openApi, SPEND_CSV_PATH, updateOf } from "@tollgate/control/openapi";
import { contextForToken } from "@tollgate/control/people/context-for-token";
import { spendCsv } from "../spend-csv.ts";
import { findRoute, type Route } from "./find-route.ts";
import { isOperatorPath, operatorAnswer } from "./operator-api.ts";
import { problem } from "./problem.ts";
import { type Input, readInput } from "./read-input.ts";

export interface AdminApi {
  services: () => Services;
  /** The URL prefix of the API, e.g. `/api/v1`. */
  base: string;
  /** The client address of a request. */
  addressOf: (request: Request) => string | null;
  /** The operator's token. Without one, the operator's part does not exist. */
  operatorToken: () => string | undefined;
  onFault: (error: unknown, requestId: string) => void;
}

const IDEMPOTENCY_KEY_MAX = 255;

/** The control verbs as REST: finds the verb, passes it the input, and formats its result. It contains no rules. */
export const adminApi =
  (api: AdminApi) =>
  async (request: Request): Promise<Response> => {
    const requestId = uuidV7(Date.now());
    const response = await answer(api, request).catch((error: unknown) => {
      if (!(error instanceof TollgateError) || error.status >= 500) api.onFault(error, requestId);
      return problem(error, requestId);
    });
    response.headers.set("x-tollgate-request-id", requestId);
    return response;
  };

async function answer(api: AdminApi, request: Request): Promise<Response> {
  const { services, base, addressOf } = api;
  const path = new URL(request.url).pathname.slice(base.length);
  if (path === "/openapi.json" && request.method === "GET") return json({ status: 200, body: openApi(base) });
  if (isOperatorPath(path)) return json(await operatorAnswer(api, path, request, bearerOf(request)));
  if (path === SPEND_CSV_PATH) {
    if (request.method !== "GET")
      throw new TollgateError("method_not_allowed", "This path supports only GET.", { headers: { allow: "GET" } });
    const ctx = await contextForToken(services(), bearerOf(request), addressOf(request));
    return spendCsv(ctx, (await readInput(request, {})).fields);
  }
  const route = findRoute(request.method, path);
  const bearer = bearerOf(request);
  const ctx = await contextForToken(services(), bearer, addressOf(request));
  const input = await readInput(request, route.params, route.verb.http.bodyBytesMax);
  return withHeaders(await run(ctx, route, input, request, bearer), base, route);
}

function bearerOf(request: Request): string {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token) return token;
  throw new TollgateError("missing_api_key", "Send an admin token: `Authorization: Bearer tg_adm_…`.");
}

type Outcome = Answer & { repeated?: boolean };

async function run(ctx: Context, { verb }: Route, input: Input, request: Request, bearer: string): Promise<Outcome> {
  const { method, status = 200 } = verb.http;
  const ifMatch = request.headers.get("if-match");
  const conditional = ifMatch !== null && (method === "PATCH" || method === "PUT");
  const work = async (): Promise<Answer> => ({
    status,
    body: await verb.call(conditional ? { ...ctx, ifMatch } : ctx, input.fields),
  });
  const key = request.headers.get("idempotency-key");
  if (key === null || status !== 201) return work();
  if (key.length === 0 || key.length > IDEMPOTENCY_KEY_MAX) {
    throw new TollgateError("invalid_value", `An Idempotency-Key has 1 to ${IDEMPOTENCY_KEY_MAX} characters.`);
  }
  return once(ctx, { key, request: `${verb.verb}\n${input.text}`, bearer }, work);
}

const json = ({ status, body }: Answer): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store" } });

/** The ETag of a resource, and the location of a new one. */
function withHeaders(outcome: Outcome, base: string, { verb }: Route): Response {
  const response = json(outcome);
  if (outcome.repeated) response.headers.set("idempotency-replayed", "true");
  const update = updateOf(verb);
  const { body } = outcome;
  if (!update || typeof body !== "object" || body === null || !("id" in body)) return response;
  response.headers.set("etag", etagOf(update.input, body));
  if (outcome.status === 201) response.headers.set("location", `${base}${verb.http.path}/${body.id}`);
  return response;
}
