import type { Context } from "@tollgate/control/context";
import { listKeys } from "@tollgate/control/keys/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import type { LimitChoices } from "./limit-choices.ts";

const options = (items: readonly { id: string; name: string }[]) =>
  items.map(({ id, name }) => ({ value: id, label: name }));

export async function choicesFor(ctx: Context): Promise<LimitChoices> {
  const [team, member, key, model] = await Promise.all([
    listTeams(ctx, {}),
    listMembers(ctx, {}),
    listKeys(ctx, {}),
    listModels(ctx, {}),
  ]);
  return {
    team: options(team.items),
    member: options(member.items),
    key: options(key.items),
    model: options(model.items),
  };
}
