import { listKeys } from "@tollgate/control/keys/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import { optionsOf } from "@/lib/options-of.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { services } from "@/lib/services.ts";
import { KeysTable } from "./keys-table.tsx";

export const metadata: Metadata = { title: "Keys" };

export default async function KeysPage({ params, searchParams }: OrgPage) {
  const { org } = await params;
  const revoked = (await searchParams).revoked === "true";
  const [keys, teams, members, models] = await load(org, (ctx) =>
    Promise.all([listKeys(ctx, { revoked }), listTeams(ctx, {}), listMembers(ctx, {}), listModels(ctx, {})]),
  );
  const choices = {
    teams: optionsOf(teams.items),
    members: members.items.map(({ id, name, email }) => ({ value: id, label: name, hint: email })),
    models: models.items.map(({ name }) => name),
    proxyUrl: services().proxyUrl,
  };
  return (
    <Page
      title="Keys"
      description="Your apps call with virtual keys in place of a provider's own."
      actions={<NewButton label="Create key" />}
    >
      <KeysTable keys={keys.items} choices={choices} />
    </Page>
  );
}
