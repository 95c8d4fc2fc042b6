"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { UserMinus, Users } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import type { Filter } from "@/components/data-table/filter.ts";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { editAction } from "@/components/data-table/row-action.ts";
import { removeMemberAction } from "./actions.ts";
import { AddMemberDialog } from "./add-member-dialog.tsx";
import { EditMemberDialog } from "./edit-member-dialog.tsx";
import { MEMBER_COLUMNS } from "./member-columns.tsx";

const REMOVE = deleteAction<Member>({
  noun: "member",
  verb: "Remove",
  done: "removed",
  icon: UserMinus,
  action: removeMemberAction,
  text: () =>
    "With their next click they lose access to this organisation. Their account and other organisations stay.",
});

interface Props {
  members: readonly Member[];
  nextCursor: string | null;
  filters: readonly Filter[];
}

export const MembersTable = ({ members, nextCursor, filters }: Props) => (
  <ResourceTable
    label="Members"
    prefix="member-"
    rows={members}
    rowId={({ id }) => id}
    rowName={({ name }) => name}
    columns={MEMBER_COLUMNS}
    actions={[editAction<Member>((row, onClose) => <EditMemberDialog member={row} onClose={onClose} />), REMOVE]}
    searchable
    filters={filters}
    nextCursor={nextCursor}
    create={{ label: "Add member", dialog: (onClose) => <AddMemberDialog onClose={onClose} /> }}
    empty={{ icon: Users, title: "No members yet", text: "Add the people who create keys or look at spend." }}
  />
);
