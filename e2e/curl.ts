import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Answer<T> {
  status: number;
  json: T;
}

/** Makes a request with curl, as a shell script does. A body is JSON. */
export async function curl<T>(method: string, url: string, secret: string, body?: object): Promise<Answer<T>> {
  const json = body ? ["--header", "Content-Type: application/json", "--data", JSON.stringify(body)] : [];
  const { stdout } = await run("curl", [
    "--silent",
    "--show-error",
    "--request",
    method,
    "--header",
    `Authorization: Bearer ${secret}`,
    ...json,
    "--write-out",
    "\n%{http_code}",
    url,
  ]);
  const [, text, code] = /^(.*)\n(\d+)$/s.exec(stdout) ?? [];
  return { status: Number(code), json: (text ? JSON.parse(text) : undefined) as T };
}

export interface OpenApi {
  openapi: string;
  servers: [{ url: string }];
  paths: Record<string, Record<string, { operationId: string; requestBody?: unknown }>>;
}

/** Calls operations of an OpenAPI document by their ids. Uses only what the document contains. */
export class ApiByCurl {
  readonly #document: OpenApi;
  readonly #base: URL;
  readonly #token: string;

  /** `from` is the document's URL. The server's URL may be relative to it. */
  constructor(document: OpenApi, from: string, token: string) {
    this.#document = document;
    this.#base = new URL(`${document.servers[0].url}/`, from);
    this.#token = token;
  }

  /** `input` fills the path parameters. The rest goes into the body or, for GET, into the query. */
  call<T>(operationId: string, input: Record<string, unknown> = {}): Promise<Answer<T>> {
    const routes = Object.entries(this.#document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    const route = routes.find(({ operation }) => operation.operationId === operationId);
    if (!route) throw new Error(`the document has no ${operationId}`);
    const rest = { ...input };
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      delete rest[name];
      return encodeURIComponent(String(input[name]));
    });
    const url = new URL(path.slice(1), this.#base);
    if (route.method === "get") url.search = new URLSearchParams(rest as Record<string, string>).toString();
    return curl(route.method.toUpperCase(), url.href, this.#token, route.operation.requestBody ? rest : undefined);
  }
}
