import type { Credential } from "@tollgate/control/credentials/schemas";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { deleteCredentialAction } from "./actions.ts";
import { EditProviderDialog } from "./edit-provider-dialog.tsx";
import type { ProviderChoice } from "./provider-choice.ts";

export const credentialActions = (providers: readonly ProviderChoice[]): readonly RowAction<Credential>[] => [
  editAction((row, onClose) => (
    <EditProviderDialog
      credential={row}
      schemes={providers.find(({ id }) => id === row.provider)?.schemes ?? []}
      onClose={onClose}
    />
  )),
  deleteAction<Credential>({
    noun: "provider",
    action: deleteCredentialAction,
    text: (row) =>
      row.modelCount > 0
        ? `${row.modelCount} ${row.modelCount === 1 ? "model has a target" : "models have targets"} that use it. Change those targets first.`
        : "No model uses it. Its sealed secret is erased and cannot be restored.",
  }),
];
