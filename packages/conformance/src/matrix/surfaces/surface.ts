import type { Fields } from "../../meaning/json.ts";
import type { Meaning } from "../../meaning/meaning.ts";

/** What one request asks for, in words that every format has. Absent fields are not asked for. */
export interface Ask {
  model: string;
  stream: boolean;
  /** Messages in the surface's own format. */
  history: readonly unknown[];
  tools?: readonly string[];
  /** JSON schema of the answer. */
  schema?: object;
  thinks?: boolean;
  /** Something that only some formats have words for. */
  extra?: Extra;
}

/** `kept`: the provider, or else the gateway, stores the answer. `answers`: two of them. */
export type Extra = "search" | "logprobs" | "answers" | "kept" | { continues: string };

/** Something that the user sends beside a text. Data is base64. */
export interface Attachment {
  mediaType: "image/png" | "application/pdf";
  data: string;
}

export interface PendingCall {
  id: string;
  name: string;
}

/** A conversation endpoint as its clients use it. */
export interface Surface {
  /** Of the wire. */
  id: string;
  read(body: string, isStream: boolean): Meaning;
  request(ask: Ask): { path: string; body: object };
  /** The fields of a request for something extra. Null: the format has none. */
  extra(extra: Extra): object | null;
  user(text: string, attachment?: Attachment): unknown;
  /** The same as `user`, with a mark that the provider may cache all until here. Null: the format has no such mark. */
  marked: ((text: string) => unknown) | null;
  /** What a client sends back of a whole answer, and the calls in it. */
  echo(answer: Fields): { items: unknown[]; calls: PendingCall[] };
  results(calls: readonly PendingCall[], text: string): unknown[];
}

/** Schema of all tools: one optional text. */
export const TOOL_SCHEMA = { type: "object", properties: { city: { type: "string" } } } as const;

export const dataUrl = ({ mediaType, data }: Attachment): string => `data:${mediaType};base64,${data}`;
