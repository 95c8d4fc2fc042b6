import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import type { Metadata } from "next";
import { Page } from "@/components/shell/page.tsx";
import { load } from "@/lib/context.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { AddMember } from "./add-member.tsx";
import { CreateTeam } from "./create-team.tsx";
import { MembersTable } from "./members-table.tsx";
import { TeamsTable } from "./teams-table.tsx";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ params }: OrgPage) {
  const { org } = await params;
  const [members, teams, models] = await load(org, (ctx) =>
    Promise.all([listMembers(ctx, {}), listTeams(ctx, {}), listModels(ctx, {})]),
  );
  const names = models.items.map(({ name }) => name);
  return (
    <Page title="People" description="Members with their roles, and the teams whose keys and limits belong together.">
      <section aria-labelledby="members" className="grid gap-3">
        <div className="flex items-center justify-between gap-4">
          <h2 id="members" className="font-medium text-base">
            Members
          </h2>
          <AddMember teams={teams.items} />
        </div>
        <MembersTable members={members.items} teams={teams.items} />
      </section>
      <section aria-labelledby="teams" className="grid gap-3 pt-2">
        <div className="flex items-center justify-between gap-4">
          <h2 id="teams" className="font-medium text-base">
            Teams
          </h2>
          <CreateTeam models={names} />
        </div>
        <TeamsTable teams={teams.items} models={names} />
      </section>
    </Page>
  );
}
