/** A function as clients of Google declare it, by hand and with the official SDK, and its parameters as a JSON schema. */
export const weather = {
  name: "weather",
  description: "Now",
  parameters: {
    type: "OBJECT",
    properties: {
      city: { type: "STRING", nullable: true },
      days: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "1" },
    },
    required: ["city"],
  },
};
export const tools = [{ functionDeclarations: [weather] }];
export const sdkTools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: { type: "object" } }] }];
export const schema = {
  type: "object",
  properties: {
    city: { type: ["string", "null"] },
    days: { type: "array", items: { type: "integer" }, minItems: 1 },
  },
  required: ["city"],
};
