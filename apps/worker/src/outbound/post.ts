import type { PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { type Outbound, Undelivered } from "@tollgate/control/alerts/outbound";
import { guardedConnector } from "@tollgate/dial/guarded-connector";
import { mayReach } from "@tollgate/policy/host-rule";
import { Agent, request } from "undici";

/** Timeout of a whole call, from the connection to the status. */
const TIMEOUT_MS = 5_000;

/** The error as a tenant may see it. It reveals nothing about private addresses. */
function reasonOf(error: unknown): Undelivered {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause ? String(cause.code) : cause.name;
    if (code === "EBLOCKED")
      return new Undelivered("its address is private and not granted by the operator", { isFinal: true });
    if (code === "ECONNREFUSED") return new Undelivered("the connection was refused");
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return new Undelivered("its host name cannot be resolved");
    if (/TIMEOUT|TimeoutError/.test(code)) return new Undelivered(`no answer within ${TIMEOUT_MS / 1000} seconds`);
    if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return new Undelivered("its certificate is not valid");
  }
  return new Undelivered("the connection broke");
}

/** Posts to a tenant's URL unless its address is not allowed. Follows no redirect and reads no body. */
export function openPost(privateHosts: PrivateHosts): { post: Outbound["post"]; close(): Promise<void> } {
  const open = (hosts: readonly string[]): Agent =>
    new Agent({ connect: guardedConnector({ connectTimeoutMs: TIMEOUT_MS, privateHosts: hosts }) });
  // Separate pools: an organisation without the grant must not reuse a connection of another one.
  const [guarded, granted] = [open([]), open([...privateHosts.keys()])];
  return {
    async post({ organisation, url, headers, body }) {
      try {
        const dispatcher = mayReach(privateHosts, organisation, new URL(url).origin) ? granted : guarded;
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const answer = await request(url, { method: "POST", headers, body, dispatcher, signal });
        // Destroying the unread body emits an error, which is ignored.
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
