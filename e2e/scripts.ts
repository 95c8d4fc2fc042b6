import { answer, type Behaviour } from "@tollgate/testkit/provider-behaviour";

export const WEATHER_TOOL = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather in a city.",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
} as const;

export const CITY_SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, inhabitants: { type: "integer" } },
  required: ["city", "inhabitants"],
  additionalProperties: false,
};

/** Follows a schema like a real provider: with a tool named `json` if the request has one, else as text. */
export const structured =
  (value: Record<string, unknown>): Behaviour =>
  (asked) => {
    const tools = Array.isArray(asked.json.tools) ? asked.json.tools : [];
    const byTool = tools.some((tool: { name?: string }) => tool.name === "json");
    const given = byTool ? { toolCalls: [{ name: "json", arguments: value }] } : { text: JSON.stringify(value) };
    return answer(given)(asked);
  };
