import { branch, metadata, type Place, schema } from "../../body/places.ts";

/**
 * The paths of a request that hold metadata or a JSON schema. A forbidden field name is allowed only as the name of a
 * field in a schema. An object with `properties` at any other path does not count as a schema.
 */
export const CHAT_PLACES: Place = branch({
  metadata,
  tools: branch({ parameters: schema, input_schema: schema, function: branch({ parameters: schema }) }),
  functions: branch({ parameters: schema }),
  response_format: branch({ schema, json_schema: branch({ schema }) }),
  guided_json: schema,
});
