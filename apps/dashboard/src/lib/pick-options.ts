import type { Context } from "@tollgate/control/context";
import { listCredentials } from "@tollgate/control/credentials/list";
import { listKeys } from "@tollgate/control/keys/list";
import { listModels } from "@tollgate/control/models/list";
import { listMembers } from "@tollgate/control/people/list-members";
import { listTeams } from "@tollgate/control/teams/list";
import type { SelectOption } from "@/components/ui/select.tsx";
import { optionsOf } from "@/lib/options-of.ts";
import type { PickKind } from "@/lib/pick-kinds.ts";

export interface PickOptions {
  options: SelectOption<string>[];
  /** Whether more objects match. */
  more: boolean;
}

/** As many as fit into a list without scrolling. */
const LIMIT = 8;

interface Asked {
  search?: string;
  limit: number;
}

interface Found {
  items: SelectOption<string>[];
  nextCursor: string | null;
}

const FIND: Record<PickKind, (ctx: Context, asked: Asked) => Promise<Found>> = {
  async team(ctx, asked) {
    const { items, nextCursor } = await listTeams(ctx, asked);
    return { items: optionsOf(items), nextCursor };
  },
  async member(ctx, asked) {
    const { items, nextCursor } = await listMembers(ctx, { ...asked, sort: "name" });
    return { items: items.map(({ id, name, email }) => ({ value: id, label: name, hint: email })), nextCursor };
  },
  async key(ctx, asked) {
    const { items, nextCursor } = await listKeys(ctx, { ...asked, sort: "name", revoked: true });
    return {
      items: items.map(({ id, name, lastFour }) => ({ value: id, label: name, hint: `…${lastFour}` })),
      nextCursor,
    };
  },
  async model(ctx, asked) {
    const { items, nextCursor } = await listModels(ctx, asked);
    return { items: optionsOf(items), nextCursor };
  },
  async "model-name"(ctx, asked) {
    const { items, nextCursor } = await listModels(ctx, asked);
    return { items: items.map(({ name }) => ({ value: name, label: name })), nextCursor };
  },
  async credential(ctx, asked) {
    const { items, nextCursor } = await listCredentials(ctx, asked);
    return { items: items.map(({ id, name, provider }) => ({ value: id, label: name, hint: provider })), nextCursor };
  },
};

/** The first options that match a text. */
export async function pickOptions(ctx: Context, kind: PickKind, text: string): Promise<PickOptions> {
  const search = text.trim().slice(0, 200);
  const { items, nextCursor } = await FIND[kind](ctx, { ...(search ? { search } : {}), limit: LIMIT });
  return { options: items, more: nextCursor !== null };
}
