"use client";

import type { RequestPage } from "@tollgate/control/usage/schemas";
import { Pause, Play, ScrollText } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useTransition } from "react";
import type { z } from "zod";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { cn } from "@/lib/cn.ts";
import { requestColumns } from "./request-columns.tsx";
import { useRequestFeed } from "./use-request-feed.ts";

interface Props {
  first: z.infer<typeof RequestPage>;
  hasKeys: boolean;
}

const LiveToggle = ({ live, setLive }: { live: boolean; setLive: (live: boolean) => void }) => (
  <Button look="ghost" size="sm" aria-pressed={live} onClick={() => setLive(!live)}>
    {live ? <Pause aria-hidden /> : <Play aria-hidden />}
    {live ? "Pause" : "Go live"}
  </Button>
);

export function RequestsTable({ first, hasKeys }: Props) {
  const { slug } = useOrganisation();
  const { rows, live, setLive, loadOlder } = useRequestFeed(first);
  const [current, setCurrent] = useQueryState("request", parseAsString);
  const [pending, startTransition] = useTransition();
  const columns = useMemo(() => requestColumns((id) => void setCurrent(id)), [setCurrent]);
  if (rows.length === 0) {
    return (
      <EmptyState
        icon={ScrollText}
        title="No requests here"
        action={
          <Button look="primary" asChild>
            <Link href={`/${slug}/keys${hasKeys ? "" : "?new=true"}`}>{hasKeys ? "Go to keys" : "Create a key"}</Link>
          </Button>
        }
      >
        None in this time with these filters. A call made with one of your keys shows up within two seconds, by itself.
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-center justify-between text-faint text-xs">
        <span className="flex items-center gap-1.5">
          <span
            aria-hidden
            className={cn("size-1.5 rounded-full", live ? "animate-pulse bg-good" : "bg-line-strong")}
          />
          {live ? "Live" : "Paused"}
        </span>
        <LiveToggle live={live} setLive={setLive} />
      </div>
      <DataTable
        label="Requests"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        onOpen={(row) => void setCurrent(row.id)}
        isCurrent={(row) => row.id === current}
      />
      {loadOlder ? (
        <div className="flex justify-center pt-2">
          <Button pending={pending} onClick={() => startTransition(loadOlder)}>
            Load older
          </Button>
        </div>
      ) : null}
    </div>
  );
}
