import type { Soon } from "@tollgate/limits/store";
import type { Auth, Exchange, ExchangeTools } from "./auth.ts";
import type { CredentialFields } from "./signer.ts";
import type { Post } from "./token-post.ts";

/** Tokens that auth schemes get with credentials. */
export interface Tokens {
  /**
   * The fields to sign requests with: the stored ones, or those that the scheme gets with them. At once if they are known. `box`
   * is the sealed box of the credential. Rejects with `TokenFault`.
   */
  ready(auth: Auth, box: string, stored: CredentialFields, post: () => Post): Soon<CredentialFields>;
  /** The provider refused a request that was signed with these fields, so new ones are got for the next. */
  refused(box: string, fields: CredentialFields): void;
}

/** A token is renewed when this share of its lifetime is left, at most 5 minutes. */
const RENEW_SHARE = 0.2;
const RENEW_MS_MAX = 300_000;
/** After a failure, the token endpoint is not asked again for this time. */
const REST_MS = 1_000;
/** A newer token is not dropped when the provider refuses it: it is not the token's age. */
const REFUSED_AGE_MS = 30_000;
const KNOWN_MAX = 10_000;

interface Known {
  fields: CredentialFields | null;
  gotAtMs: number;
  renewAtMs: number;
  validUntilMs: number;
  /** The running request; there is one at a time. */
  asking: Promise<CredentialFields> | null;
  failure: { error: unknown; untilMs: number } | null;
}

const nothing = (): Known => ({
  ...{ fields: null, gotAtMs: 0, renewAtMs: 0, validUntilMs: 0, asking: null, failure: null },
});

export function openTokens(now: () => number): Tokens {
  const known = new Map<string, Known>();

  function knownOf(box: string): Known {
    let found = known.get(box);
    if (found) return found;
    if (known.size >= KNOWN_MAX) known.delete(known.keys().next().value as string);
    found = nothing();
    known.set(box, found);
    return found;
  }

  function ask(
    token: Known,
    exchange: Exchange,
    stored: CredentialFields,
    tools: ExchangeTools,
  ): Promise<CredentialFields> {
    token.asking ??= exchange
      .run(stored, tools)
      .then(({ fields, lifetimeMs }) => {
        const atMs = now();
        const early = Math.min(lifetimeMs * RENEW_SHARE, RENEW_MS_MAX);
        Object.assign(token, { fields, gotAtMs: atMs, failure: null });
        Object.assign(token, { validUntilMs: atMs + lifetimeMs, renewAtMs: atMs + lifetimeMs - early });
        return fields;
      })
      .catch((error: unknown) => {
        token.failure = { error, untilMs: now() + REST_MS };
        throw error;
      })
      .finally(() => {
        token.asking = null;
      });
    return token.asking;
  }

  return {
    ready({ exchange }, box, stored, post) {
      if (!exchange || exchange.needs?.(stored) === false) return stored;
      const token = knownOf(box);
      const atMs = now();
      const isResting = token.failure !== null && atMs < token.failure.untilMs;
      if (token.fields && atMs < token.validUntilMs) {
        // The token is still valid, so calls do not wait for the next one. A failure counts when it has expired.
        if (atMs >= token.renewAtMs && !isResting) ask(token, exchange, stored, { post: post(), now }).catch(() => {});
        return token.fields;
      }
      if (isResting) return Promise.reject(token.failure?.error);
      return ask(token, exchange, stored, { post: post(), now });
    },
    refused(box, fields) {
      const token = known.get(box);
      if (token?.fields === fields && now() - token.gotAtMs > REFUSED_AGE_MS) token.validUntilMs = 0;
    },
  };
}
