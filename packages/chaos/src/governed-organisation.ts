import type { LimitUnit, LimitWindow } from "@tollgate/contracts/limit";
import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { createKey } from "@tollgate/control/keys/create";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { openOrganisation } from "./open-organisation.ts";

const MODEL = "gpt-4o-mini";

/** A limit on one key, in addition to those of its organisation. */
export interface KeyLimit {
  unit: LimitUnit;
  window: LimitWindow;
  /** Decimal text for US dollars, a whole number for other units. */
  amount: string;
}

export interface Governed<Name extends string> {
  /** Secrets of the keys, by name. */
  keys: Record<Name, string>;
  model: string;
}

export interface GovernedOptions<Name extends string> {
  /** Of the organisation; it must be unique. Default: Acme. */
  name?: string;
  keys: Record<Name, readonly KeyLimit[]>;
  /** Cap of the organisation over all time in US dollars. Default 1,000,000. */
  budgetUsd?: string;
  /** Creates more policy as the owner: guardrails, limits, models. */
  arrange?: (owner: Context) => Promise<void>;
}

const HARD = { mode: "block", onStoreDown: "refuse" } as const;

/**
 * Creates an organisation with one provider at `providerOrigin`, one model, two limits (US dollars over all time, and
 * requests per minute, which never refuses) and keys whose allow-list names that model. The keys' own limits refuse
 * when they cannot be checked. `settings` are those of the installation.
 */
export async function governedOrganisation<Name extends string>(
  settings: Record<string, string>,
  providerOrigin: string,
  { name = "Acme", keys, budgetUsd = "1000000", arrange }: GovernedOptions<Name>,
): Promise<Governed<Name>> {
  const { owner: ctx, close } = await openOrganisation(settings, name);
  try {
    const baseUrl = `${providerOrigin}/v1`;
    const credential = await createCredential(ctx, {
      name: "OpenAI",
      provider: "openai",
      baseUrl,
      secret: "sk-load-fake",
    });
    const targets = [{ credentialId: credential.id, upstreamModel: MODEL }];
    await createModel(ctx, { name: MODEL, targets });
    await setLimit(ctx, { scope: "organisation", unit: "usd", window: "total", amount: budgetUsd });
    await setLimit(ctx, { scope: "key", unit: "requests", window: "minute", amount: "1000000000" });
    const secrets: [string, string][] = [];
    for (const [name, limits] of Object.entries<readonly KeyLimit[]>(keys)) {
      const { key, secret } = await createKey(ctx, { name, allow: [MODEL] });
      for (const limit of limits) await setLimit(ctx, { scope: "key", subject: key.id, ...HARD, ...limit });
      secrets.push([name, secret]);
    }
    await arrange?.(ctx);
    return { keys: Object.fromEntries(secrets) as Record<Name, string>, model: MODEL };
  } finally {
    await close();
  }
}
