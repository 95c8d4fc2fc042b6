import type { Uuid } from "@tollgate/contracts/ids";
import type { Log } from "../ports.ts";
import type { PolicyFault } from "./parse-policy.ts";

/** Organisations whose stored policy cannot be read. They keep their last good policy, and are read again each second. */
export class UnreadPolicies {
  readonly #messages = new Map<Uuid, string>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Logs a fault once, and again only if it changes. */
  add({ orgId, field, reason, message }: PolicyFault): void {
    if (this.#messages.get(orgId) === message) return;
    this.#messages.set(orgId, message);
    this.#log.error({ orgId, field, reason }, "an organisation's policy cannot be read: its last good policy stays");
  }

  has(orgId: Uuid): boolean {
    return this.#messages.has(orgId);
  }

  read(orgId: Uuid): void {
    if (!this.#messages.delete(orgId)) return;
    this.#log.info({ orgId }, "an organisation's policy can be read again");
  }
}
