import { z } from "zod";
import type { Reply, TestSetup } from "./open-admin-api.ts";

type Schema = Parameters<typeof z.fromJSONSchema>[0];

interface Operation {
  operationId: string;
  parameters: { name: string; in: "path" | "query" | "header" }[];
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}

export type ApiClient = (operationId: string, input?: Record<string, unknown>) => Promise<Reply>;

/** A client that uses only the OpenAPI document: the path of each operation and the schema of its answer. */
export async function apiClient(setup: TestSetup, token: string): Promise<ApiClient> {
  const { body: document } = await setup.send("GET", "/openapi.json");
  const paths: Record<string, Record<string, Operation>> = document.paths;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  // A separate JSON Schema, without the rest of the document.
  const defs = JSON.parse(JSON.stringify(document.components.schemas).replaceAll("#/components/schemas/", "#/$defs/"));

  return async (operationId, input = {}) => {
    const operation = operations.find((each) => each.operationId === operationId);
    if (!operation) throw new Error(`the document has no operation ${operationId}`);
    const rest = { ...input };
    let { path } = operation;
    const query = new URLSearchParams();
    const headers: Record<string, string> = {};
    for (const { name, in: place } of operation.parameters) {
      if (!(name in rest)) continue;
      const value = String(rest[name]);
      delete rest[name];
      if (place === "path") path = path.replace(`{${name}}`, value);
      else if (place === "query") query.set(name, value);
      else headers[name] = value;
    }
    const body = Object.keys(rest).length > 0 ? { body: rest } : {};
    const reply = await setup.send(operation.method, query.size > 0 ? `${path}?${query}` : path, {
      token,
      headers,
      ...body,
    });
    const [[, { schema }] = [undefined, {}]] = Object.entries(operation.responses[reply.status]?.content ?? {});
    if (!schema) throw new Error(`${operationId} answered ${reply.status}, of which the document knows nothing`);
    const whole = JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "#/$defs/"));
    z.fromJSONSchema({ ...whole, $defs: defs }).parse(reply.body);
    return reply;
  };
}
