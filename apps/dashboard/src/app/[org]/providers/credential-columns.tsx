import type { Credential } from "@tollgate/control/credentials/schemas";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn, numberColumn, timeColumn } from "@/components/data-table/common-columns.tsx";
import { type ProviderChoice, providerName } from "./provider-choice.ts";
import { SecretState } from "./secret-state.tsx";
import { TestState } from "./test-state.tsx";

export const credentialColumns = (providers: readonly ProviderChoice[]): readonly Column<Credential>[] => [
  nameColumn(({ id }) => ({ id, brief: true, name: "provider id" })),
  {
    id: "provider",
    header: "Provider",
    from: "lg",
    sort: "provider",
    cell: (row) => providerName(providers, row.provider),
  },
  {
    id: "baseUrl",
    header: "Base URL",
    from: "xl",
    cell: (row) => <span className="break-all font-mono text-soft text-xs">{row.baseUrl}</span>,
  },
  {
    id: "test",
    header: "Test",
    // The secret's own column is not on every screen.
    cell: (row) => (row.needsSecret && !row.test ? <SecretState credential={row} /> : <TestState test={row.test} />),
  },
  { id: "secret", header: "Secret", from: "lg", cell: (row) => <SecretState credential={row} /> },
  numberColumn({ id: "models", header: "Models", from: "lg", of: (row) => row.modelCount }),
  timeColumn({ id: "updated", header: "Changed", from: "xl", sort: "updatedAt", at: (row) => row.updatedAt }),
];
