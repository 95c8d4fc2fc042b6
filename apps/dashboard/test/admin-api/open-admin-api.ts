import { randomBytes } from "node:crypto";
import type { Role } from "@tollgate/contracts/role";
import type { Context } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { createToken } from "@tollgate/control/tokens/create";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { afterAll } from "vitest";
import { adminApi } from "../../src/lib/admin-api/admin-api.ts";

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the answer can have any shape
  body: any;
  text: string;
}

export interface Sent {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestSetup {
  database: TestDatabase;
  /** Creates an organisation and returns its owner. */
  owner(): Promise<Context>;
  token(owner: Context, role?: Role): Promise<string>;
  send(method: string, path: string, sent?: Sent): Promise<Reply>;
  faults: unknown[];
}

export const OPERATOR_TOKEN = "operator-token-of-32-characters-!";
const PASSWORD = "correct horse battery";
let people = 0;

/** The admin API on a separate database for the test file. */
export async function openTestSetup(): Promise<TestSetup> {
  const database = await testDatabase();
  const { services, close } = openControl({
    databaseUrl: database.controlUrl,
    pepper: randomBytes(32),
    auditKey: randomBytes(32),
    sealPublicKey: randomBytes(32),
    channelPublicKey: randomBytes(32),
    privateHosts: new Map(),
    proxyUrl: "http://localhost:4000",
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });
  const faults: unknown[] = [];
  const handle = adminApi({
    services: () => services,
    base: "/api/v1",
    addressOf: () => "203.0.113.7",
    operatorToken: () => OPERATOR_TOKEN,
    onFault: (error) => faults.push(error),
  });
  return {
    database,
    faults,
    async owner() {
      const email = `owner-${++people}@example.com`;
      const owner = { email, password: PASSWORD, name: "Ada" };
      const { slug } = await createOrganisationFor(services, { organisation: `Organisation ${people}`, owner }, null);
      const { sessionId } = await signIn(services, { email, password: PASSWORD }, null);
      return contextForSession(services, sessionId, slug, null);
    },
    token: async (owner, role = "admin") => (await createToken(owner, { name: `As ${role}`, role })).secret,
    async send(method, path, { token, body, headers = {} } = {}) {
      const init: RequestInit = { method, headers: { ...headers } };
      const set = init.headers as Record<string, string>;
      if (token) set.authorization = `Bearer ${token}`;
      if (body !== undefined) {
        set["content-type"] ??= "application/json";
        init.body = typeof body === "string" ? body : JSON.stringify(body);
      }
      const response = await handle(new Request(`http://localhost:3000/api/v1${path}`, init));
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text, text };
    },
  };
}
