import { anything, branch, metadata, type Place, schema } from "../../body/places.ts";

/** What a model called a function with, and what the function answered: their names are data. */
const call = branch({ args: anything });
const response = branch({ response: anything });
const part = branch({
  functionCall: call,
  function_call: call,
  functionResponse: response,
  function_response: response,
  toolCall: call,
  tool_call: call,
  toolResponse: response,
  tool_response: response,
});
const content = branch({ parts: part });

/** Both spellings of a field. */
const both = (name: string, place: Place): Record<string, Place> => ({
  [name]: place,
  [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]: place,
});

const declaration = branch({
  parameters: schema,
  response: schema,
  ...both("parametersJsonSchema", schema),
  ...both("responseJsonSchema", schema),
});

const config = branch({
  ...both("responseSchema", schema),
  ...both("responseJsonSchema", schema),
  _responseJsonSchema: schema,
});

const request: Record<string, Place> = {
  contents: content,
  ...both("systemInstruction", content),
  tools: branch(both("functionDeclarations", declaration)),
  ...both("generationConfig", config),
  labels: metadata,
};

/** The paths of a request that hold metadata, a JSON schema or the data of a function. */
export const GENERATE_PLACES: Place = branch(request);

/** A count of tokens may contain a whole request. */
export const COUNT_PLACES: Place = branch({ ...request, ...both("generateContentRequest", branch(request)) });
