import { providerById } from "@tollgate/catalog/providers";
import { SealError } from "@tollgate/vault/seal";
import type { Secret } from "@tollgate/vault/secret";
import { SIGNERS } from "../../providers/auth/signers.ts";
import { splitBaseUrl, withoutEndpoint } from "../../providers/base-url.ts";
import type { TaskWork } from "../task.ts";
import { outcomeOfAnswer } from "./outcome-of-answer.ts";
import { outcomeOfError } from "./outcome-of-error.ts";

const HEADERS = { accept: "application/json", "accept-encoding": "identity", "user-agent": "tollgate" };

/** Sends the provider's cheapest request with the stored secret, only to the origin that the sealed box contains. */
export const testCredential: TaskWork<"credential.test"> = async (
  { organisation, credential, signal },
  { vault, get, now },
) => {
  const provider = providerById(credential.provider);
  if (!provider) return { outcome: "unknown_provider", status: null, durationMs: 0 };
  let secret: Secret;
  try {
    secret = vault.open(organisation.id, credential);
  } catch (error) {
    const isElsewhere = error instanceof SealError && (error.fault === "origin" || error.fault === "no_origin");
    return { outcome: isElsewhere ? "secret_not_bound" : "secret_unreadable", status: null, durationMs: 0 };
  }
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  const path = (provider.test.isAtOrigin ? "" : prefix) + provider.test.path;
  const headers = Object.entries({ ...HEADERS, ...provider.test.headers }).flat();
  const startedAt = performance.now();
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    await SIGNERS[provider.auth](
      { method: "GET", origin, path, headers, body: null },
      { secret: secret.reveal() },
      now,
    );
    const answer = await get({ organisation, url: origin + path, headers, signal });
    return { outcome: outcomeOfAnswer(answer, provider.test), status: answer.status, durationMs: took() };
  } catch (error) {
    return { outcome: outcomeOfError(error), status: null, durationMs: took() };
  }
};
