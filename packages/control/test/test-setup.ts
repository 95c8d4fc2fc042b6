import { randomBytes } from "node:crypto";
import type { Role } from "@tollgate/contracts/role";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Context, Services } from "@tollgate/control/context";
import { openControl } from "@tollgate/control/open";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { addMember } from "@tollgate/control/people/add-member";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { signIn } from "@tollgate/control/people/sign-in";
import { type TestClock, testClock } from "@tollgate/testkit/clock";
import { type TestDatabase, testDatabase } from "@tollgate/testkit/postgres";
import { generateSealKeys, type SealKeys } from "@tollgate/vault/seal";
import { afterAll } from "vitest";

export interface TestSetup {
  services: Services;
  database: TestDatabase;
  clock: TestClock;
  sealKeys: SealKeys;
  /** The worker's keys, for the secrets of channels. */
  channelKeys: SealKeys;
  /** A new organisation; its owner's context. */
  organisation(name?: string): Promise<Context>;
  /** A new member of the same organisation, signed in; their context. */
  member(owner: Context, role: Role, teamIds?: string[]): Promise<Context>;
}

export const PASSWORD = "correct horse battery";

/** The ledger accepts only recent events. */
export const YESTERDAY_NOON = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000 + 1_234_567;

let count = 0;
export const freshEmail = (): string => `person-${++count}-${randomBytes(4).toString("hex")}@example.com`;

/** The control plane on a separate database for the test file. It is closed after the file. */
export async function openTestSetup(): Promise<TestSetup> {
  const database = await testDatabase();
  const [sealKeys, channelKeys] = [await generateSealKeys(), await generateSealKeys()];
  const clock = testClock(YESTERDAY_NOON);
  const { services, close } = openControl({
    databaseUrl: database.controlUrl,
    now: clock.now,
    // Time does not pass during a search, so that its answer does not depend on the machine.
    monotonicMs: () => 0,
    pepper: randomBytes(32),
    auditKey: randomBytes(32),
    sealPublicKey: sealKeys.publicKey,
    channelPublicKey: channelKeys.publicKey,
    privateHosts: parsePrivateHosts("localhost:4010=*, vllm.internal=granted, 127.0.0.1=*"),
    proxyUrl: "http://localhost:4000",
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });
  const context = async (email: string, slug: string): Promise<Context> => {
    const { sessionId } = await signIn(services, { email, password: PASSWORD }, null);
    return contextForSession(services, sessionId, slug, "203.0.113.7");
  };
  const slugs = new Map<string, string>();
  return {
    services,
    database,
    clock,
    sealKeys,
    channelKeys,
    async organisation(name = "Acme") {
      const email = freshEmail();
      const person = { email, password: PASSWORD, name: "Ada Owner" };
      const { slug } = await createOrganisationFor(services, { organisation: name, owner: person }, null);
      const owner = await context(email, slug);
      slugs.set(owner.orgId, slug);
      return owner;
    },
    async member(owner, role, teamIds = []) {
      const email = freshEmail();
      await addMember(owner, { email, password: PASSWORD, name: `A ${role}`, role, teamIds });
      return context(email, slugs.get(owner.orgId) ?? "");
    },
  };
}
