/** What an answer says, whatever its format. */
export interface Meaning {
  text: string;
  reasoning: string;
  /** Thoughts that the provider encrypted or signed, which the next request has to repeat. */
  hiddenThoughts: number;
  /** Signatures of ordinary texts, which the next request may repeat but need not. */
  textSignatures: number;
  /** The calls that the client has to run. */
  calls: Call[];
  /** Calls of tools that only this format has, and calls that the provider ran itself. Clients of other formats cannot ask for them. */
  ownCalls: string[];
  citations: Citation[];
  /** Citations of documents that the client has sent in a field of this format. They have no URL. */
  ownCitations: number;
  stop: Stop;
  usage: Usage | null;
  /** Images, and other files that the model made. */
  files: number;
  error: AnswerError | null;
  /** What the deltas of a stream say is not what its end repeats. */
  isTorn: boolean;
  /** The stream goes on with another answer, which happens in recordings only. */
  hasMore: boolean;
}

export interface Call {
  name: string;
  /** The arguments as JSON with sorted keys; the text itself if they are not JSON. */
  input: string;
}

export interface Citation {
  url: string;
  title: string;
  /** The part of the text that it supports; empty: the format does not say. */
  supports: string;
}

export type Stop = "stop" | "length" | "calls" | "filter" | "none" | `other: ${string}`;

export interface Usage {
  /** With tokens read from a cache and written to it. */
  input: number;
  /** With reasoning. */
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
}

export interface AnswerError {
  message: string;
}

export const nothing = (): Meaning => ({
  text: "",
  reasoning: "",
  hiddenThoughts: 0,
  textSignatures: 0,
  calls: [],
  ownCalls: [],
  citations: [],
  ownCitations: 0,
  stop: "none",
  usage: null,
  files: 0,
  error: null,
  isTorn: false,
  hasMore: false,
});

/** Ids in which the gateway carries the metadata of a call. */
export const carriesMetadata = (id: unknown): boolean => typeof id === "string" && id.includes("__tgm1_");

/** JSON with sorted keys, so that equal arguments are equal texts. */
export function canonical(value: unknown): string {
  if (typeof value === "string") {
    if (value.trim() === "") return "{}";
    try {
      return canonical(JSON.parse(value));
    } catch {
      return value;
    }
  }
  return JSON.stringify(value ?? {}, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}

/** The message of an error body, in any of the formats. Null: the body is none. */
export function errorOf(body: Record<string, unknown>): AnswerError | null {
  const { error } = body;
  if (error === undefined || error === null || error === "") {
    return body.object === "error" || body.type === "error" ? { message: String(body.message ?? "") } : null;
  }
  if (typeof error === "string") return { message: error };
  const { message } = error as { message?: unknown };
  return { message: typeof message === "string" ? message : JSON.stringify(error) };
}
