import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { PROVIDERS } from "@tollgate/catalog/providers";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { TASKS } from "@tollgate/contracts/tasks";
import { Opened } from "@tollgate/vault/opened";
import { afterEach, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { guardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import { listModels } from "../../src/tasks/model-list/list-models.ts";
import { credential, id } from "../setup.ts";

const SECRET = "sk-canary-0123456789";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

const seen: string[] = [];

/** Lists the models at a server that answers each request in turn, the last answer again and again. */
async function list(provider: string, answers: readonly unknown[], answer?: RequestListener) {
  seen.length = 0;
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    if (answer) return answer(request, response);
    const body = answers[Math.min(seen.length, answers.length) - 1];
    response.setHeader("content-type", "application/json");
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const found = await listModels(
    {
      organisation: { id: id(), slug: "acme" },
      credential: credential(baseUrl, { provider }),
      input: {},
      signal: AbortSignal.timeout(5_000),
    },
    {
      vault: { open: () => new Opened(SECRET), reseal: async () => "" },
      get: guardedGet(parsePrivateHosts("127.0.0.1=*")),
      post: guardedPost(parsePrivateHosts("127.0.0.1=*")),
      stream: () => Promise.reject(new Error("not used")),
      lanes: new Lanes(),
      now: Date.now,
    },
  );
  // What the worker accepts.
  return TASKS["credential.models"].result.parse(found);
}

const models = (...ids: unknown[]) => ({ object: "list", data: ids.map((each) => ({ id: each })) });

test("the names are sorted, each once", async () => {
  expect(await list("openai", [models("b", "a", "b")])).toMatchObject({
    ...{ outcome: "works", status: 200, isPartial: false },
    models: ["a", "b"],
  });
  expect(seen).toEqual(["/v1/models"]);
});

test.each([
  [
    "anthropic",
    [
      { data: [{ id: "a" }], has_more: true, last_id: "a" },
      { data: [{ id: "b" }], has_more: false, last_id: "b" },
    ],
    "/v1/models?limit=1000&after_id=a",
  ],
  [
    "google",
    [{ models: [{ name: "models/a" }], nextPageToken: "t&1" }, { models: [{ name: "models/b" }] }],
    "/v1/models?pageSize=1000&pageToken=t%261",
  ],
  [
    "cohere",
    [{ models: [{ name: "a" }], next_page_token: "n" }, { models: [{ name: "b" }] }],
    "/v1/v1/models?page_size=1000&page_token=n",
  ],
])("all pages of %s are read", async (provider, pages, second) => {
  expect(await list(provider, pages)).toMatchObject({ models: ["a", "b"], isPartial: false });
  expect(seen[1]).toBe(second);
});

test("a list at the top level, at the origin", async () => {
  expect(await list("github-models", [[{ id: "openai/gpt-4.1" }]])).toMatchObject({ models: ["openai/gpt-4.1"] });
  expect(seen).toEqual(["/catalog/models"]);
});

test("every provider with a list is asked at the path of its row, with what it lists", async () => {
  for (const { id: provider, list: listing } of PROVIDERS) {
    if (!listing) continue;
    const item = [{ [listing.name]: `${listing.prefix ?? ""}m` }];
    const lists = Object.fromEntries([listing.items ?? []].flat().map((field) => [field, item]));
    const found = await list(provider, [listing.items === null ? item : lists]);
    expect([provider, found.models]).toEqual([provider, ["m"]]);
  }
});

test("a provider without a list is not asked", async () => {
  expect(await list("perplexity", [models("a")])).toMatchObject({ outcome: "no_list", models: [] });
  expect(seen).toEqual([]);
});

test("names that cannot be those of a target, and the secret, are left out", async () => {
  const hostile = ["ok", "", " ", "a b", "../x", "a/../b", "a?b", "ü", "x".repeat(201), 7, null, { a: 1 }];
  const found = await list("openai", [models(...hostile, `m-${SECRET}`)]);
  expect(found).toMatchObject({ outcome: "works", models: ["ok"], isPartial: true });
});

test("a thousand names are kept of more", async () => {
  const found = await list("openai", [models(...Array.from({ length: 50_000 }, (_, at) => `model-${at}`))]);
  expect(found.models).toHaveLength(1_000);
  expect(found.isPartial).toBe(true);
});

test("pages without an end are read ten times, and a page that names itself once", async () => {
  let page = 0;
  await list("google", [], (_request, response) => {
    page += 1;
    response.end(JSON.stringify({ models: [{ name: `m${page}` }], nextPageToken: `${page}` }));
  });
  expect(seen).toHaveLength(10);
  await list("google", [{ models: [], nextPageToken: "same" }]);
  expect(seen).toHaveLength(2);
});

test.each([
  ["an object without a list", { data: {} }, "unreadable_list"],
  ["no JSON", "<html>", "not_an_api"],
  ["half a JSON", '{"data":[', "unreadable_list"],
  ["too many bytes", `{"data":[],"x":"${"x".repeat(5_000_000)}"}`, "unreadable_list"],
])("%s is no list", async (_name, body, outcome) => {
  expect(await list("openai", [body])).toMatchObject({ outcome, models: [] });
});

test("a refusal says why, and what earlier pages had is kept", async () => {
  const refusing: RequestListener = (_request, response) => void response.writeHead(401).end("{}");
  expect(await list("openai", [], refusing)).toMatchObject({ outcome: "wrong_secret", status: 401, models: [] });
  const found = await list("google", [], (request, response) => {
    if (request.url?.includes("pageToken")) response.writeHead(500).end("{}");
    else response.end(JSON.stringify({ models: [{ name: "models/a" }], nextPageToken: "2" }));
  });
  expect(found).toMatchObject({ outcome: "works", models: ["a"], isPartial: true });
});
