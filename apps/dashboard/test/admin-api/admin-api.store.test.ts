import { randomUUID } from "node:crypto";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, describe, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./open-admin-api.ts";

let setup: TestSetup;
let token: string;

beforeAll(async () => {
  setup = await openTestSetup();
  token = await setup.token(await setup.owner());
});

const problem = { type: expect.stringContaining("#"), title: expect.any(String), detail: expect.any(String) };

describe("a request without a valid token", () => {
  test.each([
    ["no token", {}, "missing_api_key"],
    ["no bearer", { authorization: "Basic YTpi" }, "missing_api_key"],
    ["garbage", { authorization: "Bearer tg_adm_x" }, "invalid_api_key"],
    ["a virtual key's kind", { authorization: `Bearer tg_live_${"0".repeat(48)}` }, "invalid_api_key"],
  ])("%s is 401", async (_, headers, code) => {
    const reply = await setup.send("GET", "/keys", { headers });
    expect(reply.status).toBe(401);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(reply.body).toMatchObject({ ...problem, status: 401, code });
    expect(reply.body.request_id).toBe(reply.headers.get("x-tollgate-request-id"));
  });

  test("a revoked token is 401 from then on", async () => {
    const owner = await setup.owner();
    const boss = await setup.token(owner);
    const brief = await setup.send("POST", "/tokens", { token: boss, body: { name: "Brief", role: "finance" } });
    expect(brief.status).toBe(201);
    expect((await setup.send("GET", "/organisation", { token: brief.body.secret })).status).toBe(200);
    await setup.send("POST", `/tokens/${brief.body.token.id}/revoke`, { token: boss });
    expect((await setup.send("GET", "/organisation", { token: brief.body.secret })).status).toBe(401);
  });

  test("a role without the right gets 403, and can use its other rights", async () => {
    const finance = await setup.token(await setup.owner(), "finance");
    const refused = await setup.send("POST", "/teams", { token: finance, body: { name: "No" } });
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    expect((await setup.send("GET", "/limits", { token: finance })).status).toBe(200);
  });
});

describe("an invalid request", () => {
  const cases: [string, string, string, { body?: unknown; headers?: Record<string, string> }, number, string][] = [
    ["another path", "GET", "/secrets", {}, 404, "not_found"],
    ["a path within a path", "GET", "/keys/1/2/3", {}, 404, "not_found"],
    ["a method that the path does not support", "PUT", "/keys", {}, 405, "method_not_allowed"],
    ["no JSON", "POST", "/teams", { body: "{" }, 400, "invalid_json"],
    ["no object", "POST", "/teams", { body: "[]" }, 400, "invalid_type"],
    [
      "another media type",
      "POST",
      "/teams",
      { body: "a=b", headers: { "content-type": "text/plain" } },
      415,
      "unsupported_media_type",
    ],
    ["too large", "POST", "/teams", { body: `"${"x".repeat(1_048_576)}"` }, 413, "request_too_large"],
    ["an unknown field", "POST", "/teams", { body: { name: "A", orgId: randomUUID() } }, 422, "validation_failed"],
    ["an unknown parameter", "GET", "/teams?all=1", {}, 422, "validation_failed"],
    ["a parameter given twice", "GET", "/usage/requests?limit=1&limit=2", {}, 400, "invalid_value"],
    ["an invalid id", "GET", "/keys/1", {}, 422, "validation_failed"],
    [
      "an id in path and body",
      "PATCH",
      `/teams/${randomUUID()}`,
      { body: { id: randomUUID() } },
      422,
      "validation_failed",
    ],
    ["an unknown id", "PATCH", `/teams/${randomUUID()}`, { body: { name: "A" } }, 404, "not_found"],
    [
      "an empty idempotency key",
      "POST",
      "/teams",
      { body: { name: "A" }, headers: { "idempotency-key": "" } },
      400,
      "invalid_value",
    ],
  ];

  test.each(cases)("%s", async (_, method, path, sent, status, code) => {
    const reply = await setup.send(method, path, { ...sent, token });
    expect(reply.body).toMatchObject({ ...problem, status, code });
    expect(reply.status).toBe(status);
    expect(reply.text).not.toMatch(/\bat .+\.ts|node_modules|Prisma/);
  });

  test("names the invalid fields and the allowed methods", async () => {
    const faulty = await setup.send("POST", "/limits", {
      token,
      body: { scope: "planet", unit: "usd", window: "day" },
    });
    expect(Object.keys(faulty.body.fields).toSorted()).toEqual(["amount", "scope"]);
    expect((await setup.send("PUT", "/keys", { token })).headers.get("allow")).toBe("GET, POST");
  });
});

describe("a create with an Idempotency-Key", () => {
  const body = { name: "Once" };

  test("is done once; a repeat gets the same answer with the secret", async () => {
    const sent = { token, body: { name: "Nightly" }, headers: { "idempotency-key": randomUUID() } };
    const first = await setup.send("POST", "/keys", sent);
    const second = await setup.send("POST", "/keys", sent);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.secret).toMatch(/^tg_live_/);
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    const { items } = (await setup.send("GET", "/keys", { token })).body;
    expect(items.filter(({ name }: { name: string }) => name === "Nightly")).toHaveLength(1);
  });

  test("keeps no secret in the database", async () => {
    const sent = { token, body: { name: "Kept" }, headers: { "idempotency-key": randomUUID() } };
    const { secret } = (await setup.send("POST", "/keys", sent)).body;
    const rows = await query<{ row: string }>(
      setup.database.ownerUrl,
      "SELECT encode(response, 'escape') || to_jsonb(r)::text AS row FROM idempotent_request AS r",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toContain(secret.slice(8, 50));
  });

  test("with another request is 422", async () => {
    const headers = { "idempotency-key": randomUUID() };
    expect((await setup.send("POST", "/teams", { token, body, headers })).status).toBe(201);
    const other = await setup.send("POST", "/teams", { token, body: { name: "Twice" }, headers });
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  test("sent eight times at once creates one object", async () => {
    const sent = { token, body: { name: "Crowd" }, headers: { "idempotency-key": randomUUID() } };
    const reply = await Promise.all(Array.from({ length: 8 }, () => setup.send("POST", "/teams", sent)));
    const made = new Set(reply.filter(({ status }) => status === 201).map(({ body: { id } }) => id));
    expect(made.size).toBe(1);
    const refused = reply.filter(({ status }) => status !== 201).map(({ body: { code } }) => code);
    expect(new Set([...refused, "idempotency_in_progress"]).size).toBe(1);
  });

  test("can be retried after a refusal", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const taken = { token, body: { name: "Crowd" }, headers };
    expect((await setup.send("POST", "/teams", taken)).status).toBe(409);
    expect((await setup.send("POST", "/teams", taken)).body.code).toBe("conflict");
  });

  test("is independent of the same key with another token", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const stranger = await setup.token(await setup.owner());
    const mine = await setup.send("POST", "/teams", { token, body: { name: "Same" }, headers });
    const theirs = await setup.send("POST", "/teams", { token: stranger, body: { name: "Same" }, headers });
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });
});

describe("an update with If-Match", () => {
  test("succeeds if nothing has changed, and is refused with 412 otherwise", async () => {
    const made = await setup.send("POST", "/teams", { token, body: { name: "Matched" } });
    const path = made.headers.get("location")?.slice("/api/v1".length) ?? "";
    const read = await setup.send("GET", path, { token });
    const seen = { "if-match": read.headers.get("etag") ?? "" };
    expect(made.headers.get("etag")).toBe(seen["if-match"]);

    const changed = await setup.send("PATCH", path, { token, body: { deny: ["gpt-4"] }, headers: seen });
    expect([changed.status, changed.headers.get("etag") === seen["if-match"]]).toEqual([200, false]);
    const late = await setup.send("PATCH", path, { token, body: { name: "Late" }, headers: seen });
    expect([late.status, late.body.code]).toEqual([412, "precondition_failed"]);
    expect((await setup.send("GET", path, { token })).body).toEqual(changed.body);

    const again = { "if-match": `"other", ${changed.headers.get("etag")}` };
    expect((await setup.send("PATCH", path, { token, body: { name: "In time" }, headers: again })).status).toBe(200);
  });

  test("succeeds for one of eight concurrent updates", async () => {
    const { body, headers } = await setup.send("POST", "/teams", { token, body: { name: "Raced" } });
    const seen = { "if-match": headers.get("etag") ?? "" };
    const reply = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        setup.send("PATCH", `/teams/${body.id}`, { token, body: { name: `Raced ${n}` }, headers: seen }),
      ),
    );
    expect(reply.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  });
});

test("a list comes in pages with a cursor", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor ? `&cursor=${cursor}` : "";
    const { status, body } = await setup.send("GET", `/audit?limit=3${next}`, { token });
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(3);
    seen.push(...body.items.map(({ sequence }: { sequence: string }) => sequence));
    cursor = body.nextCursor;
  } while (cursor);
  expect(seen.length).toBeGreaterThan(6);
  expect(seen).toEqual(Array.from(seen, (_, at) => String(seen.length - at)));
});

test("none of these requests caused an internal error", () => {
  expect(setup.faults).toEqual([]);
});

test("an internal error reveals only the request's id", async () => {
  await query(setup.database.ownerUrl, "REVOKE SELECT ON team FROM tollgate_control");
  const reply = await setup.send("GET", "/teams", { token });
  await query(setup.database.ownerUrl, "GRANT SELECT ON team TO tollgate_control");
  expect(reply.body).toMatchObject({
    status: 500,
    code: "internal_error",
    detail: "Something went wrong on our side.",
  });
  expect(reply.text).not.toMatch(/team|permission/);
  expect(setup.faults).toHaveLength(1);
});
