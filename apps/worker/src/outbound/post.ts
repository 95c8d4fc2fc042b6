import type { PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { type Outbound, Undelivered } from "@tollgate/control/alerts/outbound";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { mayReach } from "@tollgate/policy/host-rule";
import { Agent, request } from "undici";

/** Of a whole call, from the dial to the answer's status. */
const TIMEOUT_MS = 5_000;

/** What a tenant may know of it: not what answers where it must not reach. */
function reasonOf(error: unknown): Undelivered {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause ? String(cause.code) : cause.name;
    if (code === "EBLOCKED")
      return new Undelivered("it leads to a private address that the operator has not granted", { isFinal: true });
    if (code === "ECONNREFUSED") return new Undelivered("the connection was refused");
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return new Undelivered("its host name is not known");
    if (/TIMEOUT|TimeoutError/.test(code)) return new Undelivered(`no answer within ${TIMEOUT_MS / 1000} seconds`);
    if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return new Undelivered("its certificate is not valid");
  }
  return new Undelivered("the connection broke");
}

/** Posts to where a tenant points, and to nowhere it must not reach; follows no redirect, reads no answer's body. */
export function openPost(privateHosts: PrivateHosts): { post: Outbound["post"]; close(): Promise<void> } {
  const open = (hosts: readonly string[]): Agent =>
    new Agent({ connect: guardedConnector({ connectTimeoutMs: TIMEOUT_MS, privateHosts: hosts }) });
  // Apart: an organisation without the grant never gets a connection that another has opened.
  const [guarded, granted] = [open([]), open([...privateHosts.keys()])];
  return {
    async post({ organisation, url, headers, body }) {
      try {
        const dispatcher = mayReach(privateHosts, organisation, new URL(url).origin) ? granted : guarded;
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const answer = await request(url, { method: "POST", headers, body, dispatcher, signal });
        // Torn down unread, which it would call an error.
        answer.body.on("error", () => {}).destroy();
        return answer.statusCode;
      } catch (error) {
        throw reasonOf(error);
      }
    },
    close: async () => {
      await Promise.all([guarded.destroy(), granted.destroy()]);
    },
  };
}
