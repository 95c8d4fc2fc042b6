import { type Provider, providerById } from "@tollgate/catalog/providers";
import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";
import type { Opened } from "@tollgate/vault/opened";
import { SealError } from "@tollgate/vault/seal";
import { authOf } from "../../providers/auth/auths.ts";
import { TokenFault } from "../../providers/auth/token-fault.ts";
import { splitBaseUrl, withoutEndpoint } from "../../providers/base-url.ts";
import type { Task, TaskTools, TaskWork } from "../task.ts";
import { outcomeOfAnswer } from "./outcome-of-answer.ts";
import { outcomeOfError } from "./outcome-of-error.ts";
import { outcomeOfTokenFault } from "./outcome-of-token-fault.ts";

const HEADERS = { accept: "application/json", "accept-encoding": "identity", "user-agent": "tollgate" };

interface Answered {
  outcome: CredentialTestOutcome;
  status: number | null;
}

/** Sends the provider's cheapest request with the stored secret, only to the origin that the sealed box contains. */
export const testCredential: TaskWork<"credential.test"> = async (task, tools) => {
  const { organisation, credential } = task;
  const provider = providerById(credential.provider);
  if (!provider) return { outcome: "unknown_provider", status: null, durationMs: 0 };
  let opened: Opened;
  try {
    opened = tools.vault.open(organisation.id, credential);
  } catch (error) {
    const isElsewhere = error instanceof SealError && (error.fault === "origin" || error.fault === "no_origin");
    return { outcome: isElsewhere ? "secret_not_bound" : "secret_unreadable", status: null, durationMs: 0 };
  }
  const startedAt = performance.now();
  const answered = await ask(provider, opened, task, tools).catch(
    (error: unknown): Answered =>
      error instanceof TokenFault
        ? { outcome: outcomeOfTokenFault(error), status: error.status }
        : { outcome: outcomeOfError(error), status: null },
  );
  return { ...answered, durationMs: Math.round(performance.now() - startedAt) };
};

/** A token is got for each test, because a cached one would hide a wrong secret. */
async function ask(
  provider: Provider,
  opened: Opened,
  { organisation, credential, signal }: Task<"credential.test">,
  { get, post, now }: TaskTools,
): Promise<Answered> {
  const auth = authOf(provider, opened);
  if (!auth) return { outcome: "unknown_provider", status: null };
  const stored = opened.fields();
  const { exchange } = auth;
  const isExchanged = exchange && exchange.needs?.(stored) !== false;
  const tools = { post: post(organisation, signal), now };
  const fields = isExchanged ? (await exchange.run(stored, tools)).fields : stored;
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  const path = (provider.test.isAtOrigin ? "" : prefix) + provider.test.path;
  const headers = Object.entries({ ...HEADERS, ...provider.test.headers }).flat();
  await auth.sign({ method: "GET", origin, path, headers, body: null }, fields, now);
  const answer = await get({ organisation, url: origin + path, headers, signal });
  return { outcome: outcomeOfAnswer(answer, provider.test), status: answer.status };
}
