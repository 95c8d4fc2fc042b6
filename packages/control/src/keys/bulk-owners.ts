import { TollgateError } from "@tollgate/contracts/errors";
import type { z } from "zod";
import { ownMember } from "../authorize.ts";
import type { RowErrors } from "../bulk/rows.ts";
import type { Work } from "../verb.ts";
import type { BulkKey } from "./schemas.ts";

type Row = z.output<typeof BulkKey>;

/** The owner of a new key, with the names that its audit entry shows. */
export interface Owner {
  team: { id: string; name: string } | null;
  member: { id: string; name: string } | null;
}

const wanted = <T>(values: (T | null | undefined)[]): T[] => [...new Set(values.filter((value) => value != null))];

/** Teams by id and by name. A developer's are those that they have joined. */
async function teamsOf({ tx, ctx: { orgId }, reach }: Work<unknown>, rows: readonly Row[], self: string) {
  const [ids, names] = [wanted(rows.map(({ teamId }) => teamId)), wanted(rows.map(({ team }) => team))];
  if (ids.length + names.length === 0) return new Map<string, { id: string; name: string }>();
  const joined = reach === "own" ? { members: { some: { memberId: self } } } : {};
  const teams = await tx.team.findMany({
    where: { orgId, ...joined, OR: [{ id: { in: ids } }, { name: { in: names } }] },
    select: { id: true, name: true },
  });
  return new Map(teams.flatMap((team) => [[team.id, team] as const, [`=${team.name}`, team] as const]));
}

/** Members by id and by e-mail address. */
async function membersOf({ tx, ctx: { orgId } }: Work<unknown>, rows: readonly Row[], self: string | null) {
  const [ids, emails] = [
    wanted([...rows.map(({ memberId }) => memberId), self]),
    wanted(rows.map(({ member }) => member)),
  ];
  if (ids.length + emails.length === 0) return new Map<string, { id: string; name: string }>();
  const members = await tx.membership.findMany({
    where: { orgId, OR: [{ id: { in: ids } }, { user: { email: { in: emails } } }] },
    select: { id: true, user: { select: { name: true, email: true } } },
  });
  return new Map(
    members.flatMap(({ id, user: { name, email } }) => [
      [id, { id, name }] as const,
      [`=${email}`, { id, name }] as const,
    ]),
  );
}

/**
 * The owners of new keys, row by row. A developer's keys are their own: throws `forbidden` if a row names another member. A team or
 * member that does not exist is an error of its row.
 */
export async function bulkOwners(work: Work<unknown>, rows: readonly Row[], errors: RowErrors): Promise<Owner[]> {
  const self = ownMember(work.ctx);
  const isOwn = work.reach === "own";
  const [teams, members] = await Promise.all([teamsOf(work, rows, self), membersOf(work, rows, isOwn ? self : null)]);
  return rows.map(({ teamId, team, memberId, member }, row) => {
    const theTeam = teams.get(teamId ?? `=${team}`) ?? null;
    if (!theTeam && (teamId ?? team)) errors.add(row, teamId ? "teamId" : "team", "there is no such team");
    const asked = members.get(memberId ?? `=${member}`) ?? null;
    if (isOwn && (memberId ?? member) && asked?.id !== self)
      throw new TollgateError("forbidden", "A developer can create only their own keys.");
    if (!asked && (memberId ?? member)) errors.add(row, memberId ? "memberId" : "member", "there is no such member");
    return { team: theTeam, member: isOwn ? (members.get(self) ?? null) : asked };
  });
}
