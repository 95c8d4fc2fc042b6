import type { Context } from "@tollgate/control/context";
import { createCredential } from "@tollgate/control/credentials/create";
import { listCredentials } from "@tollgate/control/credentials/list";
import { createGuardrail } from "@tollgate/control/guardrails/create";
import { listGuardrails } from "@tollgate/control/guardrails/list";
import { createKey } from "@tollgate/control/keys/create";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { createModel } from "@tollgate/control/models/create";
import { listModels } from "@tollgate/control/models/list";
import { addMember } from "@tollgate/control/people/add-member";
import { listMembers } from "@tollgate/control/people/list-members";
import { createTeam } from "@tollgate/control/teams/create";
import { listTeams } from "@tollgate/control/teams/list";
import { createToken } from "@tollgate/control/tokens/create";

export type Passwords = { admin: string; developer: string; finance: string };

const demoModel = "gpt-4o-mini";

/**
 * Fills an organisation with the demo data. Existing objects stay, so an interrupted seed can run again. Only the key and
 * the token are created again, because their secrets are shown once.
 */
export async function fillDemo(
  ctx: Context,
  { providerUrl, passwords }: { providerUrl: string; passwords: Passwords },
) {
  const team = await ensure(listTeams(ctx, {}), "Product", (name) => createTeam(ctx, { name }));
  const openai = await ensure(listCredentials(ctx, {}), "Demo provider, OpenAI dialect", (name) =>
    createCredential(ctx, { name, provider: "openai", baseUrl: `${providerUrl}/v1`, secret: "sk-demo-openai" }),
  );
  const anthropic = await ensure(listCredentials(ctx, {}), "Demo provider, Anthropic dialect", (name) =>
    createCredential(ctx, { name, provider: "anthropic", baseUrl: `${providerUrl}/v1`, secret: "sk-demo-anthropic" }),
  );

  const haiku = { credentialId: anthropic.id, upstreamModel: "claude-haiku-4-5" };
  await ensure(listModels(ctx, {}), demoModel, (name) =>
    createModel(ctx, {
      name,
      targets: [
        { credentialId: openai.id, upstreamModel: "gpt-4o-mini", priority: 0 },
        { ...haiku, priority: 1 },
      ],
    }),
  );
  await ensure(listModels(ctx, {}), "claude-haiku", (name) => createModel(ctx, { name, targets: [haiku] }));

  const limits = await listLimits(ctx, {});
  if (limits.items.length === 0) {
    await setLimit(ctx, {
      scope: "organisation",
      unit: "usd",
      window: "month",
      amount: "100",
      thresholds: [50, 80, 100],
    });
    await setLimit(ctx, { scope: "key", unit: "requests", window: "minute", amount: "600" });
  }
  await ensure(listGuardrails(ctx, {}), "No secrets in prompts", (name) =>
    createGuardrail(ctx, { name, kind: "secret", action: "block" }),
  );

  const developer = await person("developer", "Dana Developer", [team.id]);
  await person("finance", "Fiona Finance", []);

  const key = await createKey(ctx, { name: "Demo app", teamId: team.id, memberId: developer.id });
  const token = await createToken(ctx, { name: "Demo automation", role: "admin" });
  return { demoKey: key.secret, demoModel, adminToken: token.secret };

  async function person(role: "developer" | "finance", name: string, teamIds: string[]) {
    const { items } = await listMembers(ctx, {});
    const email = emailOf(role);
    return (
      items.find((member) => member.email === email) ??
      addMember(ctx, { email, name, password: passwords[role], role, teamIds })
    );
  }
}

export const emailOf = (role: keyof Passwords): string => `${role}@acme.test`;

async function ensure<T extends { name: string }>(
  listed: Promise<{ items: T[] }>,
  name: string,
  create: (name: string) => Promise<T>,
): Promise<T> {
  const { items } = await listed;
  return items.find((item) => item.name === name) ?? create(name);
}
