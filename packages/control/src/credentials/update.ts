import { originOf } from "@tollgate/vault/origin";
import { seal } from "@tollgate/vault/seal";
import { invalid } from "../fields.ts";
import { hostsGranted } from "../private-hosts.ts";
import { outdateTasks } from "../tasks/outdate-tasks.ts";
import { verb } from "../verb.ts";
import { normaliseBaseUrl } from "./base-url.ts";
import { findCredential } from "./find.ts";
import { lastTest } from "./last-test.ts";
import { boundOrigin, presentCredential, withModels } from "./present.ts";
import { Credential, UpdateCredential } from "./schemas.ts";
import { NO_SECRET } from "./secret.ts";

/** Throws `validation_failed` on `secret` if the origin changes and the secret is not entered again. */
export const updateCredential = verb({
  name: "credentials.update",
  action: "credentials:update",
  input: UpdateCredential,
  output: Credential,
  http: { method: "PATCH", path: "/credentials/{id}" },
  run: async ({ tx, ctx, input: { id, name, secret: given, ...input }, audit }) => {
    const { orgId, services } = ctx;
    const before = await findCredential(tx, orgId, id);
    const granted = await hostsGranted(tx, ctx);
    const baseUrl = input.baseUrl ? normaliseBaseUrl(input.baseUrl, granted) : before.baseUrl;
    const origin = originOf(baseUrl);
    // No secret may be sent anywhere.
    const secret = given ?? (before.lastFour === "" && baseUrl !== before.baseUrl ? NO_SECRET : undefined);
    if (secret === undefined && input.baseUrl && origin !== boundOrigin(before))
      throw invalid({ secret: "a new origin needs the secret again" });
    const box = secret !== undefined && {
      sealed: await seal(services.sealPublicKey, { orgId, rowId: id, origin }, secret),
      sealedOrigin: origin,
      lastFour: secret.slice(-4),
    };
    const row = await tx.credential.update({
      where: { orgId_id: { orgId, id } },
      data: { name, baseUrl, ...box },
      include: withModels,
    });
    const credential = presentCredential(row, granted);
    await audit({ subject: `credential ${id}`, before: presentCredential(before, granted), after: credential });
    if (given || baseUrl !== before.baseUrl) await outdateTasks(tx, orgId, id);
    return { ...credential, test: await lastTest(tx, row) };
  },
});
