import type { Context } from "@tollgate/control/context";
import { listKeys } from "@tollgate/control/keys/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import { optionsOf } from "@/lib/options-of.ts";
import type { LimitChoices } from "./limit-choices.ts";

export async function choicesFor(ctx: Context): Promise<LimitChoices> {
  const [team, member, key, model] = await Promise.all([
    listTeams(ctx, {}),
    listMembers(ctx, {}),
    listKeys(ctx, {}),
    listModels(ctx, {}),
  ]);
  return {
    team: optionsOf(team.items),
    member: optionsOf(member.items),
    key: optionsOf(key.items),
    model: optionsOf(model.items),
  };
}
