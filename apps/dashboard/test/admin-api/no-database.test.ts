import { randomBytes } from "node:crypto";
import { openControl } from "@tollgate/control/open";
import { freePort } from "@tollgate/testkit/cluster";
import { expect, test } from "vitest";
import { adminApi } from "../../src/lib/admin-api/admin-api.ts";

const wellFormed = "tg_adm_1EMJ9nUvgaU7TREZDZtuOXl9mGGRZK7Yw6Q7fe37Qj0EkIvJ"; // a token that nobody has

test("without its database the admin API answers 503 with retry-after and without details of the server", async () => {
  const port = await freePort();
  const { services, close } = openControl({
    databaseUrl: `postgresql://me:secret@127.0.0.1:${port}/none`,
    pepper: randomBytes(32),
    auditKey: randomBytes(32),
    sealPublicKey: randomBytes(32),
    channelPublicKey: randomBytes(32),
    privateHosts: new Map(),
    proxyUrl: "http://localhost:4000",
  });
  const faults: unknown[] = [];
  const handle = adminApi({
    services: () => services,
    base: "/api/v1",
    addressOf: () => null,
    operatorToken: () => undefined,
    onFault: (error) => faults.push(error),
  });
  const headers = { authorization: `Bearer ${wellFormed}` };
  const response = await handle(new Request("http://localhost:3000/api/v1/keys", { headers }));
  const text = await response.text();
  expect({ status: response.status, code: JSON.parse(text).code }).toEqual({
    status: 503,
    code: "database_unavailable",
  });
  expect(response.headers.get("retry-after")).toBe("2");
  expect(text).not.toContain(String(port));
  expect(faults).toHaveLength(1);
  await close();
});
