import type { IncomingHttpHeaders } from "node:http";
import { providerById } from "@tollgate/catalog/providers";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Organisation } from "@tollgate/contracts/settings/private-hosts";
import type { Cut } from "../../cut.ts";
import { cutFailure, sealFault, tollgateError, unopenable } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import { SIGNERS } from "../../providers/auth/signers.ts";
import { splitBaseUrl, withoutEndpoint } from "../../providers/base-url.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../../providers/failure.ts";
import { decoded } from "../../providers/passthrough/decoded.ts";
import { bytesScrubber } from "../../providers/scrubbed.ts";
import type { UpstreamCall, UpstreamRequest } from "../../upstream.ts";
import type { ResourceCaller } from "../surface.ts";

const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface ResourceRequest {
  method: "GET" | "POST" | "DELETE";
  /** Appended to the credential's base URL. */
  path: string;
}

/**
 * Sends a request about a stored object to its provider and returns the body of the answer, without the credential's
 * secret. Throws the provider's refusal; its 401 and 403 are ours.
 */
export async function resourceCall(
  ports: Ports,
  { grant, cut }: ResourceCaller,
  credential: CredentialPolicy,
  { method, path }: ResourceRequest,
): Promise<Buffer> {
  const provider = providerById(credential.provider);
  if (!provider) throw new TollgateError("not_found", "The provider of this object is no longer known.");
  const secret = secretOf(ports, grant.org.id, credential);
  const { origin, prefix } = splitBaseUrl(withoutEndpoint(credential.baseUrl, provider.serves));
  const headers = ["accept", "application/json", "accept-encoding", "identity", "user-agent", "tollgate"];
  const request: UpstreamRequest = { method, origin, path: prefix + path, headers, body: null, isFresh: false };
  await SIGNERS[provider.auth](request, { secret }, ports.now);
  const { status, headers: answered, chunks } = await received(ports, grant.org, request, cut);
  const lane = ports.lanes.of(grant.org.id);
  const body = await decoded(chunks, answered["content-encoding"], BODY_BYTES_MAX, lane);
  if (!body) throw tollgateError(badAnswer(status, "unreadable"));
  if (status < 200 || status > 299) {
    throw tollgateError(failureOfStatus({ status, headers: answered, body: body.toString(), secret }));
  }
  return bytesScrubber(secret)(body);
}

function secretOf(ports: Ports, orgId: string, credential: CredentialPolicy): string {
  try {
    return ports.vault.open(orgId, credential).reveal();
  } catch (error) {
    ports.metrics.unopenable(sealFault(error));
    throw tollgateError(unopenable(error));
  }
}

interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  chunks: Buffer[];
}

function received({ upstreams }: Ports, org: Organisation, request: UpstreamRequest, cut: Cut): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const got: Received = { status: 0, headers: {}, chunks: [] };
  let bytes = 0;
  const call: UpstreamCall = upstreams.for(org).send(request, {
    onHead: (status, headers) => Object.assign(got, { status, headers }),
    onData(chunk) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) {
        call.abort();
        reject(tollgateError(badAnswer(got.status, "the answer is too large")));
      }
      return got.chunks.push(chunk) > 0;
    },
    onEnd: () => resolve(got),
    onFault: (fault) => reject(tollgateError(failureOfFault(fault))),
  });
  const stop = cut.listen((reason) => {
    call.abort();
    reject(tollgateError(cutFailure(reason)));
  });
  return promise.finally(stop);
}
