"use client";

import type { RequestPage } from "@tollgate/control/reports/schemas";
import { ScrollText } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useTransition } from "react";
import type { z } from "zod";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { LiveBar } from "./live-bar.tsx";
import { requestColumns } from "./request-columns.tsx";
import { useRequestFeed } from "./use-request-feed.ts";

interface Props {
  first: z.infer<typeof RequestPage>;
  hasKeys: boolean;
}

export function RequestsTable({ first, hasKeys }: Props) {
  const { slug } = useOrganisation();
  const { rows, live, setLive, loadOlder, problem } = useRequestFeed(first);
  const [current, setCurrent] = useQueryState("request", parseAsString);
  const [pending, startTransition] = useTransition();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {rows.length > 0 ? <LiveBar live={live} setLive={setLive} /> : null}
      <ResourceTable
        label="Requests"
        rows={rows}
        rowId={({ id }) => id}
        rowName={({ id }) => id}
        columns={requestColumns((id) => void setCurrent(id))}
        problem={problem}
        onOpen={({ id }) => void setCurrent(id)}
        isCurrent={({ id }) => id === current}
        empty={{
          icon: ScrollText,
          title: "No requests here",
          text: "No request matches this time range and these filters. A new call appears within two seconds.",
          action: (
            <Button look="primary" asChild>
              <Link href={`/${slug}/keys${hasKeys ? "" : "?new=true"}`}>{hasKeys ? "Go to keys" : "Create a key"}</Link>
            </Button>
          ),
        }}
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
