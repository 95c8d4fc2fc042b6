import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Ports } from "../../ports.ts";
import type { ResourceCaller } from "../surface.ts";

/** Names the credentials whose objects are not in a list, because their provider did not answer. */
const HEADER = "x-tollgate-unanswered";

/** The credentials of one list that did not answer. A list has what the others answer, and fails if none does. */
export class Unanswered {
  readonly #failed = new Map<string, { credential: CredentialPolicy; error: unknown }>();
  readonly #answered = new Set<string>();
  readonly #ports: Ports;
  readonly #caller: ResourceCaller;

  constructor(ports: Ports, caller: ResourceCaller) {
    [this.#ports, this.#caller] = [ports, caller];
  }

  /** Null: the provider did not answer, or refused. Throws if the call was cut. */
  async ask<T>(credential: CredentialPolicy, asking: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await asking();
      this.#answered.add(credential.id);
      return answer;
    } catch (error) {
      const { cut, exchange } = this.#caller;
      if (cut.reason) throw error;
      if (!this.#failed.has(credential.id)) {
        const fields = { requestId: exchange.id, credential: credential.id, err: String(error) };
        this.#ports.log.warn(fields, "a credential is missing from a list");
      }
      this.#failed.set(credential.id, { credential, error });
      return null;
    }
  }

  /** Headers of the list. Throws the first error if no credential has answered. */
  headers(): Record<string, string> {
    const [first] = this.#failed.values();
    if (!first) return {};
    if (this.#answered.size === 0) throw first.error;
    const names = [...this.#failed.values()].map(({ credential: { provider, id } }) => `${provider}/${id}`);
    return { [HEADER]: names.join(", ") };
  }
}
