import { branch, metadata, type Place, schema } from "../../body/places.ts";

const tool = { parameters: schema, input_schema: schema, output_schema: schema };
const tools = branch({ ...tool, tools: branch(tool) });

/** The paths of a request that hold metadata or a JSON schema. Items repeat tools that a search or a server offered. */
export const RESPONSES_PLACES: Place = branch({
  metadata,
  tools,
  input: branch({ tools }),
  text: branch({ format: branch({ schema }) }),
});
