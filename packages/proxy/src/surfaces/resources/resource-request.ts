import { providerById } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import { tollgateError } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import { credentialFailure, type ReadyCredential, readyCredential } from "../../providers/auth/ready-credential.ts";
import { splitBaseUrl, withoutEndpoint } from "../../providers/base-url.ts";
import type { UpstreamRequest } from "../../upstream.ts";
import type { ResourceCaller } from "../surface.ts";

export interface ResourceRequest {
  method: "GET" | "POST" | "DELETE";
  /** Appended to the credential's base URL. */
  path: string;
  /** Alternating names and values, besides those of every request. */
  headers?: readonly string[];
  /** Absent: none. */
  body?: Buffer | readonly Buffer[] | undefined;
}

interface SignedRequest {
  request: UpstreamRequest;
  secret: string;
  /** Note that the provider refused the credential with a 401. */
  refused: ReadyCredential["refused"];
}

/** The request to the provider, with the credential's secret. Throws when the credential cannot be used. */
export async function signedRequest(
  ports: Ports,
  { grant }: Pick<ResourceCaller, "grant">,
  credential: CredentialPolicy,
  { method, path, headers: own = [], body: sent }: ResourceRequest,
): Promise<SignedRequest> {
  const provider = providerById(credential.provider);
  if (!provider) throw new TollgateError("not_found", "The provider of this object is no longer known.");
  const { secret, sign, refused } = await ready(ports, grant.org, provider, credential);
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  const headers = ["accept", "application/json", "accept-encoding", "identity", "user-agent", "tollgate", ...own];
  const body = sent ?? null;
  const isSlow = body !== null;
  const request: UpstreamRequest = { method, origin, path: prefix + path, headers, body, isFresh: false, isSlow };
  await sign(request);
  return { request, secret, refused };
}

async function ready(...given: Parameters<typeof readyCredential>): Promise<ReadyCredential> {
  try {
    return await readyCredential(...given);
  } catch (error) {
    throw tollgateError(credentialFailure(given[0], error));
  }
}
