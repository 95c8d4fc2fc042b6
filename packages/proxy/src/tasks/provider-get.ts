import { type CredentialFieldName, type Provider, ruleOf } from "@tollgate/catalog/providers";
import type { Opened } from "@tollgate/vault/opened";
import { SealError } from "@tollgate/vault/seal";
import { authOf } from "../providers/auth/auths.ts";
import type { CredentialFields } from "../providers/auth/signer.ts";
import { splitBaseUrl, withoutEndpoint } from "../providers/base-url.ts";
import { filledPath } from "../providers/filled-path.ts";
import type { GetAnswer } from "./guarded-get.ts";
import type { Task, TaskTools } from "./task.ts";

const HEADERS = { accept: "application/json", "accept-encoding": "identity", "user-agent": "tollgate" };
/** A shorter secret is part of many names. */
const SECRET_CHARS_MIN = 8;

export interface ProviderGet {
  /** Appended to the credential's base URL, or to its origin. */
  path: string;
  isAtOrigin?: true;
  headers?: Record<string, string>;
  bytesMax?: number;
}

type Fault = "secret_not_bound" | "secret_unreadable" | "unknown_provider";

/** A credential with its provider, ready for GET requests. */
export type OpenedCredential =
  | { fault: Fault }
  | { fault: null; get(request: ProviderGet): Promise<GetAnswer>; holdsSecret(text: string): boolean };

type Given = Pick<Task<"credential.test">, "organisation" | "credential" | "signal">;

/**
 * Opens the stored secret. It is sent only to the origin that the sealed box contains. A token is got for each task, because
 * a cached one would hide a wrong secret.
 */
export function openCredential(
  provider: Provider,
  { organisation, credential, signal }: Given,
  { vault, get, post, now }: TaskTools,
): OpenedCredential {
  let opened: Opened;
  try {
    opened = vault.open(organisation.id, credential);
  } catch (error) {
    const isElsewhere = error instanceof SealError && (error.fault === "origin" || error.fault === "no_origin");
    return { fault: isElsewhere ? "secret_not_bound" : "secret_unreadable" };
  }
  const auth = authOf(provider, opened);
  if (!auth) return { fault: "unknown_provider" };
  const stored = opened.fields();
  const { exchange } = auth;
  const isExchanged = exchange && exchange.needs?.(stored) !== false;
  let ready: Promise<CredentialFields> | undefined;
  const exchanged = async (): Promise<CredentialFields> =>
    isExchanged ? (await exchange.run(stored, { post: post(organisation, signal), now })).fields : stored;
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  // A field of a newer version counts as a secret.
  const secrets = Object.entries(stored).flatMap(([name, value = ""]) =>
    ruleOf(name as CredentialFieldName)?.isSecret !== false && value.length >= SECRET_CHARS_MIN ? [value] : [],
  );
  return {
    fault: null,
    holdsSecret: (text) => secrets.some((secret) => text.includes(secret)),
    async get({ path: below, isAtOrigin, headers: more, bytesMax }) {
      const path = (isAtOrigin ? "" : prefix) + filledPath(below, stored, "");
      const headers = Object.entries({ ...HEADERS, ...more }).flat();
      ready ??= exchanged();
      await auth.sign({ method: "GET", origin, path, headers, body: null }, await ready, now);
      return get({ organisation, url: origin + path, headers, signal, ...(bytesMax !== undefined && { bytesMax }) });
    },
  };
}
