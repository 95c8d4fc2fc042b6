import { branch, metadata, type Place, schema } from "../../body/places.ts";

/**
 * The whole request. A forbidden name is allowed only where a JSON schema names somebody's own fields, and a schema is
 * only what stands at one of these paths: a `properties` elsewhere is no schema.
 */
export const CHAT_PLACES: Place = branch({
  metadata,
  tools: branch({ parameters: schema, input_schema: schema, function: branch({ parameters: schema }) }),
  functions: branch({ parameters: schema }),
  response_format: branch({ schema, json_schema: branch({ schema }) }),
  guided_json: schema,
});
