/** An official client library, with base URL and key changed only. */
export interface Client {
  id: string;
  /** The text of a whole answer. */
  text(place: Place): Promise<string>;
  /** The same, streamed. */
  stream(place: Place): Promise<string>;
  /** Offers the tool `weather`, runs it, sends its result, and gives what was called and the last text. */
  tool(place: Place): Promise<{ input: unknown; text: string }>;
}

export interface Place {
  origin: string;
  key: string;
  model: string;
}

export const PROMPT = "Weather?";
export const RESULT = "It rains in Bern.";
export const WEATHER = {
  type: "object" as const,
  properties: { city: { type: "string" as const } },
};
