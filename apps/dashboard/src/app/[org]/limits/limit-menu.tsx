"use client";

import type { Limit } from "@tollgate/control/limits/schemas";
import { History, Pencil, Trash2, TrendingUp } from "lucide-react";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { limitSubject } from "@/lib/format-limit.ts";

export type LimitAction = "edit" | "raise" | "increases" | "delete";

interface Props {
  limit: Limit;
  mayEdit: boolean;
  onSelect: (action: LimitAction) => void;
}

/** What can be done to a limit; who may not change it sees its increases, if there were any. */
export function LimitMenu({ limit, mayEdit, onSelect }: Props) {
  const hasIncreases = limit.increases.length > 0;
  if (!mayEdit && !hasIncreases) return null;
  return (
    <RowMenu label={`the limit on ${limitSubject(limit)}`}>
      {mayEdit ? (
        <>
          <MenuItem onSelect={() => onSelect("edit")}>
            <Pencil aria-hidden />
            Edit
          </MenuItem>
          <MenuItem onSelect={() => onSelect("raise")}>
            <TrendingUp aria-hidden />
            Raise for a while…
          </MenuItem>
        </>
      ) : null}
      {hasIncreases ? (
        <MenuItem onSelect={() => onSelect("increases")}>
          <History aria-hidden />
          Increases
        </MenuItem>
      ) : null}
      {mayEdit ? (
        <MenuItem danger onSelect={() => onSelect("delete")}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      ) : null}
    </RowMenu>
  );
}
