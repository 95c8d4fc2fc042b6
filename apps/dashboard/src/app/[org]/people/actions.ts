"use server";

import { addMember } from "@tollgate/control/people/add-member";
import { removeMember } from "@tollgate/control/people/remove-member";
import { updateMember } from "@tollgate/control/people/update-member";
import { createTeam } from "@tollgate/control/teams/create";
import { deleteTeam } from "@tollgate/control/teams/delete";
import { updateTeam } from "@tollgate/control/teams/update";
import { verbAction } from "@/lib/action.ts";

export const addMemberAction = verbAction(addMember);
export const updateMemberAction = verbAction(updateMember);
export const removeMemberAction = verbAction(removeMember);
export const createTeamAction = verbAction(createTeam);
export const updateTeamAction = verbAction(updateTeam);
export const deleteTeamAction = verbAction(deleteTeam);
