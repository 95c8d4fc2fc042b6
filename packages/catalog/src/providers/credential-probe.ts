import type { CredentialTestOutcome } from "@tollgate/contracts/tasks";

/** The cheapest request that shows whether a secret is valid: a GET. */
export interface CredentialProbe {
  /** Appended to the base URL; it may have a query. */
  path: string;
  /** The path is appended to the origin of the base URL instead. */
  isAtOrigin?: true;
  /** In addition to the headers of the auth scheme. */
  headers?: Record<string, string>;
  /** Whether the request succeeds only with a valid secret. False for self-hosted servers, which may not check it. */
  provesSecret: boolean;
  /** Text in the body of a 400 that means a refused secret; most providers answer 401. */
  wrongSecret?: string;
  /** What texts in a refusal mean, for providers whose status does not say it. The first that is found counts. */
  meanings?: readonly (readonly [text: string, outcome: CredentialTestOutcome])[];
  /** Texts in a refusal that mean that another region is needed. */
  wrongRegion?: readonly string[];
}
