import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { clientAddress, type TrustedProxies } from "@tollgate/control/client-address";
import { CLIENT_ADDRESS, clientAddressProof } from "@/lib/client-address.ts";

/**
 * Writes each request's client address into an internal header. Next passes on a client's `X-Forwarded-For` and
 * hides the connection, so the peer's address is read here, before Next gets the request.
 */
export function noteClientAddresses(trusted: TrustedProxies): void {
  const proof = clientAddressProof();
  let warned = false;
  subscribe("http.server.request.start", (message) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request;
    const peer = socket.remoteAddress;
    const forwardedFor = headers["x-forwarded-for"];
    const address = clientAddress(peer, forwardedFor, trusted);
    headers[CLIENT_ADDRESS] = `${proof} ${address ?? ""}`.trimEnd();
    if (warned || !forwardedFor || address !== clientAddress(peer, null, trusted)) return;
    warned = true;
    console.warn(
      `X-Forwarded-For from ${address} is ignored: if that is your reverse proxy, name it in TOLLGATE_TRUSTED_PROXIES.`,
    );
  });
}
