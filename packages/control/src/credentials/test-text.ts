import { type Provider, providerById } from "@tollgate/catalog/providers";
import { type CredentialTestOutcome, TASKS } from "@tollgate/contracts/tasks";

/** Outcomes without a test. */
export type Untested = "no_proxy" | "no_answer";

interface Facts {
  provider: string;
  status: number | null;
}

const WAITED = `${TASKS["credential.test"].workMs / 1_000} s`;

const answersAt = ({ status }: Facts): string => (status === null ? "" : ` (${status})`);

const works = (provider: Provider | undefined): string =>
  provider?.test.provesSecret
    ? "The provider accepts the secret."
    : "The host answers. Whether it checks the secret is not known.";

/** What happened, and what to do about it. Contains no text of the provider. */
const TEXTS: Record<CredentialTestOutcome | Untested, (facts: Facts) => string> = {
  works: ({ provider }) => works(providerById(provider)),
  rate_limited: (facts) => `The provider answers, but limits its requests at the moment${answersAt(facts)}.`,
  wrong_secret: (facts) =>
    `The provider refuses the secret${answersAt(facts)}. It is wrong, expired or revoked. Enter it again.`,
  forbidden: (facts) =>
    `The provider does not let this secret list its models${answersAt(facts)}. The secret is restricted, wrong, or for another region.`,
  wrong_region: () => "The secret cannot be used in this region. Change the base URL to the region of the secret.",
  wrong_tenant: () => "There is no such directory. Check the tenant ID.",
  wrong_client: () => "The application or account is not known there. Check its id, and the directory or project.",
  wrong_role: (facts) =>
    `The role cannot be assumed with this access key${answersAt(facts)}. Check the ARN, the trust policy of the role and the external ID.`,
  wrong_clock: () =>
    "The provider refuses the time of the signature. The clock of the proxy's server is more than five minutes off: correct it.",
  token_refused: (facts) =>
    `The token endpoint gives no token for this credential${answersAt(facts)}. Check the credential and the token URL.`,
  token_unreachable: (facts) =>
    `The token endpoint does not answer as expected${answersAt(facts)}. Check the token URL, then test again.`,
  wrong_endpoint: (facts) =>
    `The host answers, but has no API at this address${answersAt(facts)}. Check the path and the region in the base URL.`,
  redirected: (facts) =>
    `The host sends callers to another address${answersAt(facts)}. Redirects are not followed. Check the base URL.`,
  not_an_api: () => "The host answers, but not with JSON. It is probably a web page. Check the base URL.",
  rejected: (facts) => `The provider refuses the request${answersAt(facts)}. Check the base URL and the account.`,
  server_error: (facts) => `The provider has an internal error${answersAt(facts)}. Test again later.`,
  host_not_found: () => "The name of the host cannot be resolved. Check the base URL.",
  host_blocked: () =>
    "The host is private or not https, and the operator has not granted it to this organisation. See TOLLGATE_PRIVATE_HOSTS.",
  connection_refused: () => "The host refuses the connection. Check the host and the port in the base URL.",
  connection_failed: () => "The connection broke before an answer arrived. Check the base URL, then test again.",
  tls_failed: () => "There is no secure connection: the certificate of the host is not valid.",
  timed_out: () => `The host did not answer within ${WAITED}.`,
  secret_not_bound: () => "The stored secret was entered for another origin, so it is not sent. Enter it again.",
  secret_unreadable: () => "The proxy cannot open the stored secret. Enter it again.",
  unknown_provider: () => "The proxy does not know this provider: it is of another version.",
  no_proxy: () => "No proxy was running. Test again when one runs.",
  no_answer: () =>
    "A proxy began the test, but no result arrived. Check that a proxy and a worker are running, then test again.",
};

export const testText = (outcome: CredentialTestOutcome | Untested, facts: Facts): string => TEXTS[outcome](facts);
