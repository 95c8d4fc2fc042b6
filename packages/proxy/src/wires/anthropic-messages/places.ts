import { anything, branch, metadata, type Place, schema } from "../../body/places.ts";

/** A content block. The input of a tool call is data: the model chose its names. */
const block: Place = branch({ input: anything, content: branch({ input: anything }) });

/** The paths of a request that hold metadata, a JSON schema or the input of a tool. */
export const MESSAGES_PLACES: Place = branch({
  metadata,
  messages: branch({ content: block }),
  tools: branch({ input_schema: schema, input_examples: anything }),
  output_config: branch({ format: branch({ schema }) }),
  output_format: branch({ schema }),
});
