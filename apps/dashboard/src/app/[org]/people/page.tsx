import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import type { Metadata } from "next";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Section } from "@/components/shell/section.tsx";
import { load } from "@/lib/context.ts";
import { optionsOf } from "@/lib/options-of.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { MembersTable } from "./members-table.tsx";
import { TeamsTable } from "./teams-table.tsx";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ params }: OrgPage) {
  const { org } = await params;
  const [members, teams, models] = await load(org, (ctx) =>
    Promise.all([listMembers(ctx, {}), listTeams(ctx, {}), listModels(ctx, {})]),
  );
  return (
    <Page title="People" description="Members with their roles, and teams with their keys and limits.">
      <Section title="Members" action={<NewButton label="Add member" look="plain" prefix="member-" />}>
        <MembersTable members={members.items} teams={optionsOf(teams.items)} />
      </Section>
      <Section title="Teams" action={<NewButton label="Create team" look="plain" />}>
        <TeamsTable teams={teams.items} models={models.items.map(({ name }) => name)} />
      </Section>
    </Page>
  );
}
