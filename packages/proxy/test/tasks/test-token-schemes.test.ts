import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { Opened } from "@tollgate/vault/opened";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { testCredential } from "../../src/tasks/credential-test/test-credential.ts";
import { guardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import {
  CLIENT_SECRET,
  PRIVATE_KEY,
  STRANGE_KEY,
  startTokenEndpoint,
  type TokenEndpoint,
} from "../providers/token-endpoint.ts";
import { credential, id } from "../setup.ts";

const GRANTED = parsePrivateHosts("127.0.0.1=*");

let endpoint: TokenEndpoint;
let authorizations: (string | undefined)[];
const open: (() => void)[] = [];
beforeEach(async () => {
  authorizations = [];
  endpoint = await startTokenEndpoint();
  open.push(endpoint.close);
});
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(answer: RequestListener = (_request, response) => void response.end("{}")): Promise<string> {
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/openai/v1`;
}

interface Given {
  scheme?: string;
  fields?: Record<string, string>;
  hosts?: typeof GRANTED;
  signal?: AbortSignal;
}

const ENTRA = { tenantId: "acme.example.com", clientId: "app", clientSecret: CLIENT_SECRET };

function run(baseUrl: string, { scheme = "entra", fields = {}, hosts = GRANTED, signal }: Given = {}) {
  const known = scheme === "entra" ? ENTRA : {};
  const task = {
    organisation: { id: id(), slug: "acme" },
    credential: credential(baseUrl, { provider: scheme === "entra" ? "azure" : "vertex" }),
    input: {},
    signal: signal ?? new AbortController().signal,
  };
  const opened = new Opened({ scheme, fields: { tokenUrl: endpoint.url, ...known, ...fields } });
  return testCredential(task, {
    vault: { open: () => opened, reseal: async () => "" },
    get: guardedGet(hosts),
    post: guardedPost(hosts),
    now: Date.now,
    stream: () => Promise.reject(new Error("not used")),
    lanes: new Lanes(),
  });
}

const accountOf = (private_key: string, client_email = "robot@acme.iam") =>
  JSON.stringify({ client_email, private_key });

describe("a test of a credential that is exchanged for a token", () => {
  test.each([
    ["entra", {}],
    ["google-oauth", { serviceAccount: accountOf(PRIVATE_KEY) }],
  ])("gets a token for each test and sends it, for %s", async (scheme, fields) => {
    const baseUrl = await serve();
    for (const _ of [1, 2]) expect(await run(baseUrl, { scheme, fields })).toMatchObject({ outcome: "works" });
    expect(authorizations).toEqual(["Bearer token-1-0123456789", "Bearer token-2-0123456789"]);
  });

  test.each<[string, Given, string, number | null]>([
    ["a wrong client secret", { fields: { clientSecret: "s3cret-wrong" } }, "wrong_secret", 400],
    ["an unknown application", { fields: { clientId: "ghost" } }, "wrong_client", 400],
    ["no client secret", { fields: { clientSecret: "" } }, "token_refused", null],
    [
      "an unknown key of a service account",
      { scheme: "google-oauth", fields: { serviceAccount: accountOf(STRANGE_KEY) } },
      "wrong_secret",
      400,
    ],
    [
      "an unknown service account",
      { scheme: "google-oauth", fields: { serviceAccount: accountOf(PRIVATE_KEY, "ghost@acme") } },
      "wrong_client",
      400,
    ],
    ["a key file without a key", { scheme: "google-oauth", fields: { serviceAccount: "{}" } }, "token_refused", null],
    [
      "a token URL at which nothing listens",
      { fields: { tokenUrl: "http://127.0.0.1:1/token" } },
      "token_unreachable",
      null,
    ],
    ["a private token URL", { hosts: parsePrivateHosts("") }, "host_blocked", null],
    ["a scheme of a newer version", { scheme: "magic" }, "unknown_provider", null],
  ])("says what failed with %s, and sends the provider nothing", async (_what, given, outcome, status) => {
    expect(await run(await serve(), given)).toMatchObject({ outcome, status });
    expect(authorizations).toEqual([]);
  });

  const answers = (status: number, body: string) => (response: ServerResponse) =>
    void response.writeHead(status).end(body);
  test.each([
    [
      "an unknown tenant",
      answers(400, '{"error":"invalid_request","error_description":"AADSTS90002: Tenant not found."}'),
      "wrong_tenant",
    ],
    [
      "an expired secret",
      answers(401, '{"error":"invalid_client","error_description":"AADSTS7000222: expired."}'),
      "wrong_secret",
    ],
    ["another refusal", answers(400, '{"error":"invalid_scope"}'), "token_refused"],
    ["an answer without a token", answers(200, "<html>"), "token_refused"],
    ["an error of the token endpoint", answers(503, ""), "token_unreachable"],
  ])("says what failed with %s", async (_what, answer, outcome) => {
    endpoint.script.push(answer);
    expect(await run(await serve())).toMatchObject({ outcome });
  });

  test("ends with its time if the token endpoint never answers", async () => {
    const ending = new AbortController();
    endpoint.script.push(() => ending.abort());
    expect(await run(await serve(), { signal: ending.signal })).toMatchObject({ outcome: "token_unreachable" });
  });

  test.each([
    ["a project that refuses it", 403, "forbidden"],
    ["a token for another service", 401, "wrong_secret"],
    ["another path", 404, "wrong_endpoint"],
  ])("says what the provider answers to its token: %s", async (_what, status, outcome) => {
    const baseUrl = await serve((_request, response) => void response.writeHead(status).end("{}"));
    expect(await run(baseUrl)).toMatchObject({ outcome, status });
  });
});
