import { createHash } from "node:crypto";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { Producer } from "@tollgate/jobs/producer";
import type { LegacyCredential, OpenVault } from "./open-vault.ts";
import type { Log } from "./ports.ts";

export interface ResealerOptions {
  vault: Pick<OpenVault, "reseal">;
  producer: Pick<Producer, "enqueue">;
  log: Log;
  /** Milliseconds until a new box that has not arrived is sent again, default ten minutes. */
  repeatMs?: number;
}

export interface Resealer {
  /** An organisation's policy as Postgres has it now. */
  look(org: OrgPolicy): void;
  close(): void;
}

interface Waiting {
  orgId: Uuid;
  credential: LegacyCredential;
}

const REPEAT_MS = 600_000;

const isLegacy = (credential: { legacyOrigin?: string }): credential is LegacyCredential =>
  credential.legacyOrigin !== undefined;

/**
 * Credentials entered before boxes named their origin: only the proxy can open them, so it seals them again and sends
 * the new box to the worker, until it reads it back. One at a time, so that many of them do not hold up calls.
 */
export function createResealer({ vault, producer, log, repeatMs = REPEAT_MS }: ResealerOptions): Resealer {
  const waiting = new Map<Uuid, Waiting>();
  let due: Waiting[] = [];
  let isRunning = false;

  async function reseal({ orgId, credential }: Waiting): Promise<void> {
    const { id: credentialId, sealed } = credential;
    try {
      const box = await vault.reseal(orgId, credential);
      const oldBoxHash = createHash("sha256").update(sealed).digest("hex");
      await producer.enqueue("credential.resealed", { orgId, credentialId, oldBoxHash, box });
    } catch (error) {
      log.warn({ orgId, credentialId, err: String(error) }, "credential cannot be bound to its origin yet");
    }
  }

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    for (let next = due.shift(); next; next = due.shift()) {
      await reseal(next);
      // Opening and sealing are synchronous: calls get their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
  }

  const repeat = setInterval(() => {
    due = [...waiting.values()];
    void run();
  }, repeatMs);
  return {
    look({ id: orgId, credentials }) {
      for (const credential of credentials) {
        if (!isLegacy(credential)) waiting.delete(credential.id);
        else if (waiting.get(credential.id)?.credential.sealed !== credential.sealed) {
          waiting.set(credential.id, { orgId, credential });
          due.push({ orgId, credential });
        }
      }
      void run();
    },
    close: () => clearInterval(repeat),
  };
}
