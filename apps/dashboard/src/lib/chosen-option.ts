import { TollgateError } from "@tollgate/contracts/errors";
import type { Context } from "@tollgate/control/context";
import { getKey } from "@tollgate/control/keys/get";
import { getMember } from "@tollgate/control/people/get-member";
import { getTeam } from "@tollgate/control/teams/get";
import type { SelectOption } from "@/components/ui/select.tsx";

const GET = { team: getTeam, member: getMember, key: getKey } as const;

/** The option of an id in the URL, for its label. Undefined if there is no such object. */
export async function chosenOption(
  ctx: Context,
  kind: keyof typeof GET,
  id: string | undefined,
): Promise<SelectOption<string> | undefined> {
  if (!id) return undefined;
  try {
    const { name } = await GET[kind](ctx, { id });
    return { value: id, label: name };
  } catch (error) {
    if (error instanceof TollgateError) return undefined;
    throw error;
  }
}
