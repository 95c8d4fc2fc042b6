import { reachOf } from "@tollgate/control/authorize";
import type { Context } from "@tollgate/control/context";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listKeys } from "@tollgate/control/keys/list";
import { listLimits } from "@tollgate/control/limits/list";
import { listModels } from "@tollgate/control/models/list";
import { listRequests } from "@tollgate/control/reports/requests";

export interface Step {
  id: string;
  title: string;
  why: string;
  done: boolean;
  /** Path below that of the organisation. */
  href: string;
  action: string;
}

/** The steps that a new organisation needs, each done or not. Null for people who may not do them. */
export async function firstSteps(ctx: Context): Promise<Step[] | null> {
  if (!reachOf(ctx.role, "credentials:create")) return null;
  const [credentials, models, keys, requests, limits] = await Promise.all([
    listCredentials(ctx, { limit: 1 }),
    listModels(ctx, { limit: 1 }),
    listKeys(ctx, { revoked: true, limit: 1 }),
    listRequests(ctx, { limit: 1 }),
    listLimits(ctx, { limit: 1 }),
  ]);
  return [
    {
      id: "provider",
      title: "Add a provider",
      why: "Paste the key of one you already use. It is sealed: only the proxy can open it.",
      done: credentials.items.length > 0,
      href: "providers?new=true",
      action: "Add provider",
    },
    {
      id: "model",
      title: "Add a model",
      why: "A public name that your apps use, with one or more targets.",
      done: models.items.length > 0,
      href: "models?new=true",
      action: "Add model",
    },
    {
      id: "key",
      title: "Create a key",
      why: "Your apps use it for calls. It is shown once, with ready-to-run snippets.",
      done: keys.items.length > 0,
      href: "keys?new=true",
      action: "Create key",
    },
    {
      id: "call",
      title: "Make the first call",
      why: "Any OpenAI client works: change its base URL and key. The call appears here within two seconds.",
      done: requests.items.length > 0,
      href: "requests",
      action: "Watch requests",
    },
    {
      id: "budget",
      title: "Set a budget",
      why: "US dollars per month for the organisation, a team or a key. It holds under any load.",
      done: limits.items.length > 0,
      href: "limits?new=true",
      action: "Set limit",
    },
  ];
}
