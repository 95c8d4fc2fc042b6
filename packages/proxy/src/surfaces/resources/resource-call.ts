import type { IncomingHttpHeaders } from "node:http";
import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Organisation } from "@tollgate/contracts/settings/private-hosts";
import { Collected } from "../../body/collected.ts";
import { inTurns, LARGE_BYTES } from "../../body/steps.ts";
import type { Cut } from "../../cut.ts";
import { cutFailure, tollgateError } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import type { Failure } from "../../providers/adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../../providers/failure.ts";
import { decoded } from "../../providers/passthrough/decoded.ts";
import { bytesScrubber, scrubbingBytes } from "../../providers/scrubbed.ts";
import { shownFailure } from "../../providers/without-addresses.ts";
import type { UpstreamCall, UpstreamRequest } from "../../upstream.ts";
import type { ResourceCaller } from "../surface.ts";
import { type ResourceRequest, signedRequest } from "./resource-request.ts";

/** `mayBeDone`: the provider may have done what was asked, although there is no valid answer. */
export class ResourceError extends TollgateError {
  readonly mayBeDone: boolean;

  constructor(failure: Failure, isSent = true) {
    const { code, message, detail, internal } = tollgateError(failure);
    super(code, message, detail, internal);
    this.mayBeDone = isSent && (failure.mayBeBilled || failure.upstreamStatus >= 500);
  }
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Sends a request about a stored object to its provider and returns the body of the answer, without the credential's
 * secret. Throws the provider's refusal; its 401 and 403 are ours.
 */
export async function resourceCall(
  ports: Ports,
  caller: ResourceCaller,
  credential: CredentialPolicy,
  asked: ResourceRequest,
  bytesMax = BODY_BYTES_MAX,
): Promise<Buffer> {
  const { grant, cut, exchange } = caller;
  const { request, secret, refused } = await signedRequest(ports, caller, credential, asked);
  const collected = new Collected(exchange.memory, bytesMax);
  const lane = ports.lanes.of(grant.org.id);
  const {
    status,
    headers: answered,
    body,
  } = await received(ports, grant.org, request, cut, collected, bytesMax)
    .then(async (got) => ({ ...got, body: await decoded(collected, got.headers["content-encoding"], bytesMax) }))
    .finally(() => collected.end());
  if (status === 401) refused();
  if (!body) throw new ResourceError(badAnswer(status, "unreadable"));
  if (status < 200 || status > 299) {
    const refusal = failureOfStatus({ status, headers: answered, body: body.toString(), secret });
    throw new ResourceError(shownFailure(refusal, credential.baseUrl));
  }
  return body.length <= LARGE_BYTES ? bytesScrubber(secret)(body) : inTurns(scrubbingBytes(body, secret), lane);
}

interface Received {
  status: number;
  headers: IncomingHttpHeaders;
}

function received(
  { upstreams }: Ports,
  org: Organisation,
  request: UpstreamRequest,
  cut: Cut,
  collected: Collected,
  bytesMax: number,
): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const got: Received = { status: 0, headers: {} };
  // A fault may come before `send` returns, for example if the address is not allowed.
  let call: UpstreamCall | null = null;
  const isSent = (): boolean => call?.isSent === true;
  call = upstreams.for(org).send(request, {
    onHead: (status, headers) => Object.assign(got, { status, headers }),
    onData(chunk) {
      try {
        if (collected.length + chunk.length > bytesMax)
          throw new ResourceError(badAnswer(got.status, "the answer is too large"));
        collected.add(chunk);
      } catch (error) {
        call?.abort();
        reject(error);
      }
      return true;
    },
    onEnd: () => resolve(got),
    onFault: (fault) => reject(new ResourceError(failureOfFault(fault), isSent())),
  });
  const stop = cut.listen((reason) => {
    call?.abort();
    reject(new ResourceError(cutFailure(reason), isSent()));
  });
  return promise.finally(stop);
}
