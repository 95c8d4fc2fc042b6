"use client";

import type { Run } from "@tollgate/control/reports/run-schemas";
import { Waypoints } from "lucide-react";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { runColumns } from "./run-columns.tsx";

interface Props {
  runs: readonly Run[];
  nextCursor: string | null;
}

export function RunsTable({ runs, nextCursor }: Props) {
  const { slug } = useOrganisation();
  return (
    <ResourceTable
      label="Runs"
      rows={runs}
      rowId={({ session }) => session}
      rowName={({ session }) => session}
      columns={runColumns(slug)}
      searchable
      nextCursor={nextCursor}
      empty={{
        icon: Waypoints,
        title: "No runs yet",
        text: "Send the header x-tollgate-session with the calls of a run. Claude Code, Codex and OpenCode send an id of their own.",
      }}
    />
  );
}
