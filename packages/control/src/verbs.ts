import { listAlerts } from "./alerts/list.ts";
import { listAudit } from "./audit/list.ts";
import { verifyAudit } from "./audit/verify.ts";
import { cancelBatch } from "./batches/cancel.ts";
import { listBatches } from "./batches/list.ts";
import { listCatalogueModels } from "./catalogue/models.ts";
import { listCatalogueProviders } from "./catalogue/providers.ts";
import { createChannel } from "./channels/create.ts";
import { deleteChannel } from "./channels/delete.ts";
import { getChannel } from "./channels/get.ts";
import { listChannels } from "./channels/list.ts";
import { rotateChannelSecret } from "./channels/rotate-secret.ts";
import { testChannel } from "./channels/test.ts";
import { updateChannel } from "./channels/update.ts";
import { createCredential } from "./credentials/create.ts";
import { deleteCredential } from "./credentials/delete.ts";
import { discoverModels } from "./credentials/discover.ts";
import { foundModels } from "./credentials/found-models.ts";
import { getCredential } from "./credentials/get.ts";
import { listCredentials } from "./credentials/list.ts";
import { testCredential } from "./credentials/test.ts";
import { updateCredential } from "./credentials/update.ts";
import { createGuardrail } from "./guardrails/create.ts";
import { deleteGuardrail } from "./guardrails/delete.ts";
import { getGuardrail } from "./guardrails/get.ts";
import { listGuardrails } from "./guardrails/list.ts";
import { updateGuardrail } from "./guardrails/update.ts";
import { bulkCreateKeys } from "./keys/bulk-create.ts";
import { bulkRevokeKeys } from "./keys/bulk-revoke.ts";
import { bulkUpdateKeys } from "./keys/bulk-update.ts";
import { createKey } from "./keys/create.ts";
import { getKey } from "./keys/get.ts";
import { listKeys } from "./keys/list.ts";
import { revokeKey } from "./keys/revoke.ts";
import { updateKey } from "./keys/update.ts";
import { closeMonth } from "./ledger/close.ts";
import { listMaintenance } from "./ledger/list-maintenance.ts";
import { rebuildUsage } from "./ledger/rebuild.ts";
import { reconcileUsage } from "./ledger/reconcile.ts";
import { rerateUsage } from "./ledger/rerate.ts";
import { bulkChangeLimits } from "./limits/bulk-change.ts";
import { bulkDeleteLimits } from "./limits/bulk-delete.ts";
import { bulkSetLimits } from "./limits/bulk-set.ts";
import { changeLimit } from "./limits/change.ts";
import { deleteLimit } from "./limits/delete.ts";
import { getLimit } from "./limits/get.ts";
import { increaseLimit } from "./limits/increase.ts";
import { listLimits } from "./limits/list.ts";
import { revokeIncrease } from "./limits/revoke-increase.ts";
import { setLimit } from "./limits/set.ts";
import { createModel } from "./models/create.ts";
import { deleteModel } from "./models/delete.ts";
import { getModel } from "./models/get.ts";
import { listModels } from "./models/list.ts";
import { updateModel } from "./models/update.ts";
import { getOrganisation } from "./organisation/get.ts";
import { updateOrganisation } from "./organisation/update.ts";
import { addMember } from "./people/add-member.ts";
import { getMember } from "./people/get-member.ts";
import { listMembers } from "./people/list-members.ts";
import { removeMember } from "./people/remove-member.ts";
import { updateMember } from "./people/update-member.ts";
import { deletePrice } from "./prices/delete.ts";
import { listPrices } from "./prices/list.ts";
import { setPrice } from "./prices/set.ts";
import { exportSpend } from "./reports/export-spend.ts";
import { exportSpendGroups } from "./reports/export-spend-groups.ts";
import { exportSpendRows } from "./reports/export-spend-rows.ts";
import { listMonths } from "./reports/list-months.ts";
import { getOverview } from "./reports/overview.ts";
import { getRequest } from "./reports/request.ts";
import { listRequests } from "./reports/requests.ts";
import { listRuns } from "./reports/runs.ts";
import { getSpend } from "./reports/spend.ts";
import { getRetention } from "./retention/get.ts";
import { updateRetention } from "./retention/update.ts";
import { createTeam } from "./teams/create.ts";
import { deleteTeam } from "./teams/delete.ts";
import { getTeam } from "./teams/get.ts";
import { listTeams } from "./teams/list.ts";
import { updateTeam } from "./teams/update.ts";
import { createToken } from "./tokens/create.ts";
import { listTokens } from "./tokens/list.ts";
import { revokeToken } from "./tokens/revoke.ts";
import type { AnyVerb } from "./verb.ts";

/** All verbs of a tenant. A verb that is not in this table is not accessible. */
export const VERBS: readonly AnyVerb[] = [
  getOrganisation,
  updateOrganisation,
  listTeams,
  getTeam,
  createTeam,
  updateTeam,
  deleteTeam,
  listMembers,
  getMember,
  addMember,
  updateMember,
  removeMember,
  listCatalogueProviders,
  listCatalogueModels,
  listCredentials,
  getCredential,
  createCredential,
  updateCredential,
  testCredential,
  discoverModels,
  foundModels,
  deleteCredential,
  listModels,
  getModel,
  createModel,
  updateModel,
  deleteModel,
  listPrices,
  setPrice,
  deletePrice,
  listKeys,
  getKey,
  createKey,
  updateKey,
  revokeKey,
  bulkCreateKeys,
  bulkUpdateKeys,
  bulkRevokeKeys,
  listLimits,
  getLimit,
  setLimit,
  changeLimit,
  increaseLimit,
  revokeIncrease,
  deleteLimit,
  bulkSetLimits,
  bulkChangeLimits,
  bulkDeleteLimits,
  listBatches,
  cancelBatch,
  listAlerts,
  listChannels,
  getChannel,
  createChannel,
  updateChannel,
  rotateChannelSecret,
  testChannel,
  deleteChannel,
  listGuardrails,
  getGuardrail,
  createGuardrail,
  updateGuardrail,
  deleteGuardrail,
  listTokens,
  createToken,
  revokeToken,
  getOverview,
  getSpend,
  exportSpend,
  exportSpendGroups,
  exportSpendRows,
  listRequests,
  listRuns,
  getRequest,
  listMaintenance,
  reconcileUsage,
  rebuildUsage,
  rerateUsage,
  listMonths,
  closeMonth,
  listAudit,
  verifyAudit,
  getRetention,
  updateRetention,
];
