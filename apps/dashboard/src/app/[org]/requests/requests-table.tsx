"use client";

import type { RequestPage } from "@tollgate/control/reports/schemas";
import { ScrollText } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import type { z } from "zod";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { LiveBar } from "./live-bar.tsx";
import { requestColumns } from "./request-columns.tsx";
import { SearchEnd } from "./search-end.tsx";
import { useRequestFeed } from "./use-request-feed.ts";

const NOT_FOUND_YET = {
  icon: ScrollText,
  title: "Nothing found yet",
  text: "There are many requests, and older ones are not searched yet. Continue, or choose a shorter time or more filters.",
};

interface Props {
  first: z.infer<typeof RequestPage>;
  hasKeys: boolean;
}

export function RequestsTable({ first, hasKeys }: Props) {
  const { slug } = useOrganisation();
  const { rows, live, setLive, loadOlder, searchedBackTo, problem } = useRequestFeed(first);
  const [current, setCurrent] = useQueryState("request", parseAsString);
  const empty = {
    icon: ScrollText,
    title: "No requests here",
    text: "No request matches this time range and these filters. A new call appears within two seconds.",
    action: (
      <Button look="primary" asChild>
        <Link href={`/${slug}/keys${hasKeys ? "" : "?new=true"}`}>{hasKeys ? "Go to keys" : "Create a key"}</Link>
      </Button>
    ),
  };
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
        empty={searchedBackTo ? NOT_FOUND_YET : empty}
      />
      {loadOlder ? <SearchEnd loadOlder={loadOlder} searchedBackTo={searchedBackTo} /> : null}
    </div>
  );
}
