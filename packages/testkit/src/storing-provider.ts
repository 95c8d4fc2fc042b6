import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredFile {
  id: string;
  filename: string;
  purpose: string;
  content: Buffer;
  /** Other fields of the form. */
  fields: Record<string, string>;
}

/** A request as the provider got it. */
export interface SeenRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Scripted {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** Resets the connection after the body. */
  breaks?: boolean;
}

export interface StoringProvider {
  /** Origin without a slash at the end. */
  url: string;
  files: Map<string, StoredFile>;
  requests: SeenRequest[];
  /** Answers of the next requests, one each, instead of the usual ones. */
  script(...next: Scripted[]): void;
  /** Adds a file that somebody else stored. */
  add(file: Partial<StoredFile>): StoredFile;
  close(): Promise<void>;
}

/** Answers other paths. Null: 404. */
export type MorePaths = (
  request: SeenRequest,
  files: Map<string, StoredFile>,
) => { status?: number; body: object | string } | null;

const CREATED = 1_767_225_600;

export const fileObject = ({ id, filename, purpose, content }: StoredFile): object => ({
  ...{ id, object: "file", bytes: content.length, created_at: CREATED, filename, purpose, status: "processed" },
});

/** A provider on 127.0.0.1 that stores files as OpenAI does. `more` adds paths, such as those of batches. */
export async function startStoringProvider(more: MorePaths = () => null): Promise<StoringProvider> {
  const files = new Map<string, StoredFile>();
  const requests: SeenRequest[] = [];
  const queue: Scripted[] = [];

  function add(given: Partial<StoredFile>): StoredFile {
    const id = given.id ?? `file-stored${files.size + 1}`;
    const file = { id, filename: "x.jsonl", purpose: "batch", content: Buffer.alloc(0), fields: {}, ...given };
    files.set(id, file);
    return file;
  }

  async function upload(request: IncomingMessage, body: Buffer): Promise<object> {
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    const fields: Record<string, string> = {};
    let file: File | null = null;
    for (const [name, value] of form) {
      if (typeof value === "string") fields[name] = value;
      else file = value;
    }
    const content = Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
    return fileObject(add({ filename: file?.name ?? "", purpose: fields.purpose ?? "", content, fields }));
  }

  function list(query: URLSearchParams): object {
    const all = [...files.values()].filter(({ purpose }) => purpose === (query.get("purpose") ?? purpose));
    const from = all.findIndex(({ id }) => id === (query.get("after") ?? query.get("after_id"))) + 1;
    const data = all.slice(from, from + Number(query.get("limit")));
    return { object: "list", data: data.map(fileObject), has_more: from + data.length < all.length };
  }

  async function answer(
    request: IncomingMessage,
    seen: SeenRequest,
  ): Promise<{ status?: number; body: object | string } | null> {
    const { pathname, searchParams } = new URL(seen.path, "http://provider");
    const [, id, after] = /\/files(?:\/([^/]+)(\/content)?)?$/.exec(pathname) ?? [];
    if (!pathname.includes("/files")) return more(seen, files);
    if (seen.method === "POST") return { body: await upload(request, seen.body) };
    if (id === undefined) return { body: list(searchParams) };
    const file = files.get(decodeURIComponent(id));
    if (!file) return null;
    if (seen.method === "DELETE") files.delete(file.id);
    if (seen.method === "DELETE") return { body: { id: file.id, object: "file", deleted: true } };
    return { body: after ? file.content.toString() : fileObject(file) };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const seen = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    requests.push(seen);
    const scripted = queue.shift();
    const made = scripted ?? (await answer(request, seen));
    const error = { error: { message: "No such object.", type: "invalid_request_error", param: "id", code: null } };
    const { status = 200, body: sent } = made ?? { status: 404, body: error };
    response.writeHead(status, scripted?.headers ?? { "content-type": "application/json" });
    const bytes = typeof sent === "string" ? sent : JSON.stringify(sent);
    if (scripted?.breaks) response.write(bytes, () => response.socket?.resetAndDestroy());
    else response.end(bytes);
  }

  const server = createServer((request, response) => {
    response.on("error", () => response.destroy());
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    script: (...next) => void queue.push(...next),
    add,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
