import type { Origin, Path } from "../wire.ts";

/** Where the texts of one API format are. All fields are visited, so an unknown field cannot bypass a guardrail. */
export interface TextFormat {
  /** Whether the string in field `key` of the object at `path` is a keyword or an id of the protocol, not a text. */
  isStructural(path: Path, key: string, text: string): boolean;
  /** Whether the object at `path` has field names that the client chose, such as the properties of a JSON schema. */
  hasOwnNames(path: Path): boolean;
  /** Whether a text is base64 data. Only fields that the protocol defines as data count: a message like `data:…,` is text. */
  isBytes(text: string, path: Path, body: Readonly<Record<string, unknown>>): boolean;
  /** Where the text at `path` comes from. */
  originOf(body: Readonly<Record<string, unknown>>, path: Path): Origin;
}
