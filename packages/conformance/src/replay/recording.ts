import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parsed } from "../meaning/json.ts";

/** One answer of a provider, as it was recorded. */
export interface Recording {
  name: string;
  /** The API format, such as `openai-chat`. */
  wire: string;
  provider: string;
  stream: boolean;
  status: number;
  contentType: string;
  body: string;
}

const FIELDS = {
  wire: "string",
  provider: "string",
  stream: "boolean",
  status: "number",
  contentType: "string",
  body: "string",
};

/** @throws an error that names the file and the field, if a file is not a recording */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => {
      const json = parsed(await readFile(path.join(folder, name), "utf8"));
      for (const [field, type] of Object.entries(FIELDS)) {
        if (typeof json[field] !== type) throw new Error(`${name}: ${field} must be a ${type}`);
      }
      const recording = { ...(json as unknown as Recording), name: name.replace(/\.json$/, "") };
      return { ...recording, wire: wireIn(recording) };
    }),
  );
}

/** Azure's recordings are named after its chat API, but some are responses. */
const wireIn = ({ wire, body }: Recording): string =>
  wire === "openai-chat" && /"object":\s*"response"/.test(body) ? "openai-responses" : wire;

/** Refusals last: after one, the proxy may leave the credential alone for a while. */
export const inOrder = (recordings: readonly Recording[]): Recording[] =>
  recordings.toSorted((one, other) => Number(one.status !== 200) - Number(other.status !== 200));
