"use server";

import { createChannel } from "@tollgate/control/channels/create";
import { deleteChannel } from "@tollgate/control/channels/delete";
import { rotateChannelSecret } from "@tollgate/control/channels/rotate-secret";
import { testChannel } from "@tollgate/control/channels/test";
import { updateChannel } from "@tollgate/control/channels/update";
import { verbAction } from "@/lib/action.ts";

export const createChannelAction = verbAction(createChannel);
export const updateChannelAction = verbAction(updateChannel);
export const deleteChannelAction = verbAction(deleteChannel);
export const rotateChannelSecretAction = verbAction(rotateChannelSecret);
export const testChannelAction = verbAction(testChannel);
