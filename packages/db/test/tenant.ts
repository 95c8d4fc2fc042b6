import { query } from "@tollgate/testkit/cluster";
import { freshId } from "@tollgate/testkit/fresh-id";
import type { TestDatabase } from "@tollgate/testkit/postgres";

export interface TestTenant {
  orgId: string;
  userId: string;
  memberId: string;
  sessionId: string;
  /** Id of its owner's session. */
  proof: { sessionId: string; orgId: string };
}

/** An organisation with one person, who is signed in. */
export async function testTenant({ ownerUrl }: TestDatabase, slug: string, name = slug): Promise<TestTenant> {
  const [orgId, userId, memberId, sessionId] = [freshId(), freshId(), freshId(), freshId()];
  await query(
    ownerUrl,
    `INSERT INTO app_user (id, email, name, password_hash)
     VALUES ('${userId}', '${slug}@example.com', '${name}', '$argon2id$v=19$m=8,t=1,p=1$c2FsdA$hash of ${slug}')`,
    `INSERT INTO organisation (id, slug, name) VALUES ('${orgId}', '${slug}', '${name}')`,
    `INSERT INTO membership (id, org_id, user_id, role) VALUES ('${memberId}', '${orgId}', '${userId}', 'owner')`,
    `INSERT INTO user_session (id, user_id, expires_at) VALUES ('${sessionId}', '${userId}', now() + interval '1 day')`,
  );
  return { orgId, userId, memberId, sessionId, proof: { sessionId, orgId } };
}
