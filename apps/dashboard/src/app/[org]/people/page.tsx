import { listMembers } from "@tollgate/control/people/list-members";
import type { ListMembers } from "@tollgate/control/people/schemas";
import { listTeams } from "@tollgate/control/teams/list";
import type { Metadata } from "next";
import type { z } from "zod";
import type { Filter } from "@/components/data-table/filter.ts";
import { NewButton } from "@/components/new-button.tsx";
import { Page } from "@/components/shell/page.tsx";
import { Section } from "@/components/shell/section.tsx";
import { chosenOption } from "@/lib/chosen-option.ts";
import { load } from "@/lib/context.ts";
import { FEWER_ROWS, listQuery } from "@/lib/list-query.ts";
import type { OrgPage } from "@/lib/org-page.ts";
import { ROLE_OPTIONS } from "@/lib/role-options.ts";
import { MembersTable } from "./members-table.tsx";
import { TeamsTable } from "./teams-table.tsx";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ params, searchParams }: OrgPage) {
  const [{ org }, search] = await Promise.all([params, searchParams]);
  const [role, teamId] = [search["member-role"], search["member-team"]];
  const filter = { ...(role ? { role } : {}), ...(teamId ? { teamId } : {}) } as Pick<
    z.input<typeof ListMembers>,
    "role" | "teamId"
  >;
  const [members, teams, team] = await load(org, (ctx) =>
    Promise.all([
      listMembers(ctx, { ...listQuery(search, "member-"), ...filter }),
      listTeams(ctx, listQuery(search, "", FEWER_ROWS)),
      chosenOption(ctx, "team", filter.teamId),
    ]),
  );
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      param: "member-role",
      label: "Role",
      options: [{ value: "", label: "Any role" }, ...ROLE_OPTIONS],
    },
    { kind: "pick", param: "member-team", label: "Team", of: "team", any: "Any team", chosen: team },
  ];
  return (
    <Page title="People" description="Members with their roles, and teams with their keys and limits.">
      <Section title="Members" action={<NewButton label="Add member" look="plain" prefix="member-" />}>
        <MembersTable members={members.items} nextCursor={members.nextCursor} filters={filters} />
      </Section>
      <Section title="Teams" action={<NewButton label="Create team" look="plain" />}>
        <TeamsTable teams={teams.items} nextCursor={teams.nextCursor} />
      </Section>
    </Page>
  );
}
