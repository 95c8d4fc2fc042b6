import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { PROVIDERS } from "@tollgate/catalog/providers";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { Opened } from "@tollgate/vault/opened";
import { SealError } from "@tollgate/vault/seal";
import { afterEach, describe, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { testCredential } from "../../src/tasks/credential-test/test-credential.ts";
import { guardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import { guardedStream } from "../../src/tasks/guarded-stream.ts";
import { credential, id } from "../setup.ts";

/** The providers whose first scheme sends the secret itself. */
const WITH_KEY = PROVIDERS.filter(({ auth }) => auth === "bearer" || auth === "token" || auth.endsWith("-key"));
const SECRET = "sk-canary-0123456789";
const GRANTED = parsePrivateHosts("127.0.0.1=*");

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Given extends Partial<CredentialPolicy> {
  hosts?: typeof GRANTED;
  signal?: AbortSignal;
  unseal?: () => Opened;
}

function run(origin: string, { hosts = GRANTED, signal, unseal, ...given }: Given = {}) {
  const task = {
    organisation: { id: id(), slug: "acme" },
    credential: credential(`${origin}/v1`, given),
    input: {},
    signal: signal ?? new AbortController().signal,
  };
  return testCredential(task, {
    vault: { open: unseal ?? (() => new Opened(SECRET)), reseal: async () => "" },
    get: guardedGet(hosts),
    post: guardedPost(hosts),
    lanes: new Lanes(),
    stream: guardedStream(hosts),
    now: Date.now,
  });
}

const json =
  (status: number, body = "{}"): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body);

describe("the request", () => {
  test.each(WITH_KEY.map(({ id: provider, auth, test: probe }) => [provider, auth, probe] as const))(
    "to %s has the secret in the provider's format, at the path of its row",
    async (provider, auth, probe) => {
      const seen: { method: string | undefined; url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] =
        [];
      const origin = await serve((request, response) => {
        seen.push({ method: request.method, url: request.url, headers: request.headers });
        response.end('{"data":[]}');
      });
      expect(await run(origin, { provider })).toMatchObject({ outcome: "works", status: 200 });
      const prefix = { bearer: "Bearer", token: "Token" }[auth as string];
      const secretHeader = prefix ? { authorization: `${prefix} ${SECRET}` } : { [auth]: SECRET };
      expect(seen).toMatchObject([
        {
          method: "GET",
          // This credential has no settings.
          url: `${probe.isAtOrigin ? "" : "/v1"}${probe.path.replace(/\{\w+\}/g, "")}`,
          headers: { ...probe.headers, ...secretHeader },
        },
      ]);
    },
  );

  test("has no header if the secret is empty", async () => {
    let headers: object = {};
    const origin = await serve((request, response) => {
      headers = request.headers;
      response.end("[]");
    });
    await run(origin, { provider: "ollama", unseal: () => new Opened("") });
    expect(headers).not.toHaveProperty("authorization");
  });
});

describe("an answer", () => {
  test.each([
    [401, "openai", "{}", "wrong_secret"],
    [403, "openai", "{}", "forbidden"],
    [401, "openai", '{"error":{"code":"incorrect_hostname"}}', "wrong_region"],
    [403, "openai", '{"error":{"code":"unsupported_country_region_territory"}}', "wrong_region"],
    [400, "google", '{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}', "wrong_secret"],
    [400, "google", '{"error":{"message":"User location is not supported for the API use."}}', "wrong_region"],
    [400, "xai", '{"error":"Incorrect API key provided: sk***"}', "wrong_secret"],
    [403, "bedrock", '{"message":"The security token included in the request is invalid."}', "wrong_secret"],
    [403, "bedrock", '{"Message":"Authentication failed: Please make sure your API Key is valid."}', "wrong_secret"],
    [403, "bedrock", '{"message":"U is not authorized to perform: bedrock:ListAsyncInvokes on resource: *"}', "works"],
    [403, "bedrock", '{"message":"U is not authorized to perform: bedrock:CallWithBearerToken"}', "forbidden"],
    [400, "openai", "{}", "rejected"],
    [402, "openai", "{}", "rejected"],
    [404, "openai", "<html>", "wrong_endpoint"],
    [405, "openai", "", "wrong_endpoint"],
    [429, "openai", "{}", "rate_limited"],
    [500, "openai", "{}", "server_error"],
    [503, "openai", "", "server_error"],
    [200, "openai", " \n[]", "works"],
    [200, "openai", "<!doctype html>", "not_an_api"],
    [200, "openai", "", "not_an_api"],
    [204, "openai", "", "not_an_api"],
  ])("%i of %s with the body %s is %s", async (status, provider, body, outcome) => {
    const origin = await serve(json(status, body));
    expect(await run(origin, { provider })).toEqual({ outcome, status, durationMs: expect.any(Number) });
  });

  test("that redirects is not followed", async () => {
    let followed = false;
    const elsewhere = await serve((_request, response) => {
      followed = true;
      response.end("{}");
    });
    const origin = await serve((_request, response) => {
      response.writeHead(307, { location: `${elsewhere}/v1/models` }).end();
    });
    expect(await run(origin)).toMatchObject({ outcome: "redirected", status: 307 });
    expect(followed).toBe(false);
  });

  test.each([200, 401])(
    "of status %i without an end is read at its beginning only, then the connection is closed",
    async (status) => {
      let left = Promise.resolve<unknown>(undefined);
      const origin = await serve((_request, response) => {
        left = once(response, "close");
        response.writeHead(status);
        const more = (): void => {
          while (!response.destroyed && response.write(`{${"x".repeat(65_536)}`));
        };
        response.on("drain", more);
        more();
      });
      expect(await run(origin)).toMatchObject({ status, outcome: status === 200 ? "works" : "wrong_secret" });
      await left;
    },
  );

  test("that comes byte by byte is judged by its beginning", async () => {
    const origin = await serve((_request, response) => void response.write("{"));
    expect(await run(origin)).toMatchObject({ outcome: "works" });
  });

  test("that has only an error status when the time ends is judged by that", async () => {
    const signal = new AbortController();
    const origin = await serve((_request, response) => {
      response.writeHead(401).write("{");
      setImmediate(() => signal.abort());
    });
    expect(["wrong_secret", "timed_out"]).toContain((await run(origin, { signal: signal.signal })).outcome);
  });

  test("that has no body when the time ends counts as no answer", async () => {
    const signal = new AbortController();
    const origin = await serve((_request, response) => {
      response.writeHead(200).flushHeaders();
      signal.abort();
    });
    expect(await run(origin, { signal: signal.signal })).toMatchObject({ outcome: "timed_out", status: null });
  });
});

describe("no answer", () => {
  test("before the time is over", async () => {
    const signal = new AbortController();
    const origin = await serve(() => signal.abort());
    expect(await run(origin, { signal: signal.signal })).toMatchObject({ outcome: "timed_out", status: null });
  });

  test("because the connection is closed or the answer is not HTTP", async () => {
    const origin = await serve((request) => request.socket.destroy());
    expect(await run(origin)).toMatchObject({ outcome: "connection_failed" });
    const server = createTcpServer((socket) => void socket.end("SSH-2.0-OpenSSH\r\n")).listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await run(`http://127.0.0.1:${port}`)).toMatchObject({ outcome: "connection_failed" });
  });

  test("because no server listens", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    expect(await run(`http://127.0.0.1:${port}`)).toMatchObject({ outcome: "connection_refused" });
  });

  test("because there is no TLS", async () => {
    const origin = await serve(json(200));
    expect(await run(origin.replace("http:", "https:"))).toMatchObject({ outcome: "tls_failed" });
  });

  test.each([
    ["http://127.0.0.1:1", "plain http"],
    ["https://127.0.0.1:1", "loopback"],
    ["https://169.254.169.254", "metadata"],
    ["https://[::1]:1", "IPv6 loopback"],
    ["https://[::ffff:10.0.0.1]", "a mapped address"],
    ["https://localhost:1", "a name that resolves to loopback"],
  ])("from %s (%s): it is not dialled unless the operator grants it", async (origin) => {
    expect(await run(origin, { hosts: parsePrivateHosts("127.0.0.1=globex") })).toMatchObject({
      outcome: "host_blocked",
      status: null,
    });
  });

  test("because the name does not exist", async () => {
    expect(await run("https://no-such-host.invalid")).toMatchObject({ outcome: "host_not_found" });
  });
});

describe("a secret", () => {
  const failing = (fault: SealError["fault"]) => () => {
    throw new SealError(fault);
  };

  test("is not sent if it was entered for another origin or does not open", async () => {
    let asked = false;
    const origin = await serve(() => {
      asked = true;
    });
    expect(await run(origin, { unseal: failing("origin") })).toMatchObject({ outcome: "secret_not_bound" });
    expect(await run(origin, { unseal: failing("no_origin") })).toMatchObject({ outcome: "secret_not_bound" });
    expect(await run(origin, { unseal: failing("key") })).toMatchObject({ outcome: "secret_unreadable" });
    expect(await run(origin, { unseal: failing("owner") })).toMatchObject({ outcome: "secret_unreadable" });
    expect(await run(origin, { provider: "of-a-later-version" })).toMatchObject({ outcome: "unknown_provider" });
    expect(asked).toBe(false);
  });

  test("is in no result, for any answer of the provider", async () => {
    for (const status of [200, 302, 400, 401, 404, 429, 500]) {
      const origin = await serve((request, response) => {
        response.writeHead(status, { location: `https://${SECRET}.example` }).end(JSON.stringify(request.headers));
      });
      expect(JSON.stringify(await run(origin))).not.toContain("canary");
    }
  });
});
