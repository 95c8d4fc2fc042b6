import { ERRORS } from "@tollgate/contracts/errors";
import { z } from "zod";
import { Done } from "./fields.ts";
import { operatorApi } from "./operator/openapi.ts";
import type { AnyVerb, Http } from "./verb.ts";
import { VERBS } from "./verbs.ts";

type Json = Record<string, unknown>;
export type Offered = AnyVerb & { http: Extract<Http, { method: string }> };

const isOffered = (verb: AnyVerb): verb is Offered => "method" in verb.http;

/** The verbs with a route in the admin API. */
export const OFFERED: readonly Offered[] = VERBS.filter(isOffered);

/** The verb that updates the resource which another verb returns. Its fields determine the resource's ETag. */
export function updateOf({ http: { method, path }, output }: Offered): Offered | undefined {
  if (method === "DELETE" || !(output instanceof z.ZodObject && "id" in output.shape)) return undefined;
  const paths = [path, `${path}/{id}`];
  return OFFERED.find(({ http }) => ["PATCH", "PUT"].includes(http.method) && paths.includes(http.path));
}

/** Names in the path, e.g. `id`. */
export const pathNames = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

const pascal = (text: string): string => text.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase());

const Problem = z
  .object({
    type: z.string().meta({ description: "A URI that identifies the kind of problem." }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [string, ...string[]]),
    fields: z.record(z.string(), z.string()).optional().meta({ description: "A message for each invalid field." }),
    request_id: z.string(),
  })
  .meta({ description: "RFC 9457 problem details." });

/** The resource of a path with an id: `/keys/{id}/revoke` → `Key`. */
const resourceOf = (path: string): string | undefined => {
  const segments = path.split("/").slice(1);
  const noun = segments.length === 1 ? segments[0] : segments[segments.indexOf("{id}") - 1];
  return noun && pascal(noun).replace(/s$/, "");
};

/** All schemas by name. Answers that contain a resource refer to its schema. */
function schemas(): { components: Json; inputs: Map<Offered, Json>; answerName: Map<Offered, string> } {
  const answers = z.registry<{ id: string }>();
  answers.add(Problem, { id: "Problem" });
  answers.add(Done, { id: "Done" });
  const taken = new Set(["Problem", "Done"]);
  // The first schema gets the name: `POST /channels/{id}/test` does not return a channel.
  const name = (verb: Offered, id: string | undefined): void => {
    if (!id || taken.has(id) || answers.has(verb.output)) return;
    taken.add(id);
    answers.add(verb.output, { id });
  };
  const ofOne = OFFERED.filter(({ http }) => http.path.includes("{id}") || http.method === "PATCH");
  for (const verb of ofOne) name(verb, resourceOf(verb.http.path));
  for (const verb of OFFERED) name(verb, `${pascal(verb.verb)}Answer`);
  const answerName = new Map(OFFERED.map((verb) => [verb, answers.get(verb.output)?.id ?? ""]));
  const options = { uri: (id: string) => `#/components/schemas/${id}` } as const;
  const { schemas: components } = z.toJSONSchema(answers, { ...options, io: "output" });
  const inputs = new Map(OFFERED.map((verb) => [verb, z.toJSONSchema(verb.input, { io: "input" }) as Json]));
  return { components: withoutIds(components), inputs, answerName };
}

const withoutIds = (components: Json): Json =>
  Object.fromEntries(
    Object.entries(components).map(([name, schema]) => {
      const { $id: _, $schema: __, ...rest } = schema as Json;
      return [name, rest];
    }),
  );

const refusals = Object.fromEntries(
  Object.entries({
    "400": "The request could not be read.",
    "401": "No valid admin token.",
    "403": "The token's role may not do this.",
    "404": "The organisation has no such object.",
    "409": "It is in use, its name is taken, or the first request with this Idempotency-Key has not ended.",
    "412": "It was changed since it was read.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "Fields are not valid, or the Idempotency-Key was used for another request.",
    "500": "An internal error of Tollgate.",
  }).map(([status, description]) => [
    status,
    { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } },
  ]),
);

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string", maxLength: 255 },
});

function operation(verb: Offered, input: Json, answer: string): Json {
  const { method, path, status = 200 } = verb.http;
  const inPath = pathNames(path);
  const properties = Object.entries((input.properties ?? {}) as Record<string, Json>);
  const required = (input.required ?? []) as string[];
  const parameters = properties
    .filter(([name]) => inPath.includes(name) || method === "GET")
    .map(([name, schema]) => {
      const place = inPath.includes(name) ? "path" : "query";
      return { name, in: place, required: place === "path" || required.includes(name), schema };
    });
  const body = properties.filter(([name]) => !inPath.includes(name));
  const headers = [
    ...(method === "POST" && status === 201
      ? [header("Idempotency-Key", "A repeat with the same key within a day gets the first answer.")]
      : []),
    ...(["PATCH", "PUT"].includes(method)
      ? [header("If-Match", "The ETag read before; refused if it has changed.")]
      : []),
  ];
  const bodySchema = {
    type: "object",
    properties: Object.fromEntries(body),
    required: required.filter((name) => !inPath.includes(name)),
    additionalProperties: false,
  };
  return {
    operationId: verb.verb,
    tags: [verb.verb.split(".")[0]],
    parameters: [...parameters, ...headers],
    ...(method !== "GET" && method !== "DELETE" && body.length > 0
      ? { requestBody: { required: true, content: { "application/json": { schema: bodySchema } } } }
      : {}),
    responses: {
      [status]: {
        description: "Done.",
        ...(updateOf(verb) ? { headers: { ETag: { schema: { type: "string" } } } } : {}),
        content: { "application/json": { schema: { $ref: `#/components/schemas/${answer}` } } },
      },
      ...refusals,
    },
  };
}

/** Where `usage.spend` is a CSV file. */
export const SPEND_CSV_PATH = "/usage/spend.csv";

/** The same question as `usage.spend`. */
const spendCsv = ({ get }: Json): Json => ({
  get: {
    ...(get as Json),
    operationId: "usage.export",
    responses: {
      "200": {
        description: "The figures of every group, by group and slot. The sum of cost_usd is the total.",
        content: { "text/csv": { schema: { type: "string" } } },
      },
      ...refusals,
    },
  },
});

/** OpenAPI 3.1, generated from the schemas with which the verbs parse. `serverUrl` is the URL prefix of `/organisation`. */
export function openApi(serverUrl: string): Json {
  const { components, inputs, answerName } = schemas();
  const paths: Record<string, Json> = {};
  for (const verb of OFFERED) {
    const { method, path, former } = verb.http;
    const item = operation(verb, inputs.get(verb) ?? {}, answerName.get(verb) ?? "");
    paths[path] = { ...paths[path], [method.toLowerCase()]: item };
    if (former) {
      const deprecated = { ...item, operationId: former.name, deprecated: true };
      paths[former.path] = { ...paths[former.path], [method.toLowerCase()]: deprecated };
    }
  }
  paths[SPEND_CSV_PATH] = spendCsv(paths["/usage/spend"] as Json);
  const operator = operatorApi();
  return {
    openapi: "3.1.0",
    info: { title: "Tollgate admin API", version: "1", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: serverUrl }],
    security: [{ token: [] }],
    tags: [operator.tag],
    paths: { ...paths, ...operator.paths },
    components: {
      schemas: { ...components, ...operator.schemas },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A `tg_adm_` token." },
        operator: operator.scheme,
      },
    },
  };
}
