import { type Fields, isBoolean, isNumber, isString, optional } from "./fields.ts";

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
export type Effort = (typeof EFFORTS)[number];
export const isEffort = (value: unknown): value is Effort => EFFORTS.includes(value as Effort);

/** Settings that OpenAI's chat and Responses formats have under the same names. Throws 400 and names the field. */
export const openAiSettings = (body: Fields) => ({
  temperature: optional(body, "temperature", isNumber, "a number"),
  topP: optional(body, "top_p", isNumber, "a number"),
  user: optional(body, "safety_identifier", isString, "a string") ?? optional(body, "user", isString, "a string"),
  parallelToolCalls: optional(body, "parallel_tool_calls", isBoolean, "a boolean"),
});
