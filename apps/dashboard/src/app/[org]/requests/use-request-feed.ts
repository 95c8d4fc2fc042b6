"use client";

import type { RequestPage, RequestRow } from "@tollgate/control/reports/schemas";
import { useParams, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import type { z } from "zod";

type Rows = z.infer<typeof RequestPage>;

const POLL_MS = 1_000;
const OFFLINE = "the server cannot be reached";

/** Newest rows first. When more rows are new than a page holds, the old ones are dropped: a gap must not look like no traffic. */
function merge(known: Rows, fresh: Rows): Rows {
  const newest = known.items[0]?.id;
  if (fresh.items.length === 0) return known;
  if (newest && fresh.nextCursor && !fresh.items.some(({ id }) => id <= newest)) return fresh;
  const ids = new Set(fresh.items.map(({ id }) => id));
  const items = [...fresh.items, ...known.items.filter(({ id }) => !ids.has(id))];
  if (items.length === known.items.length) return known;
  items.sort((a: RequestRow, b: RequestRow) => (a.id < b.id ? 1 : -1));
  return { ...known, items };
}

interface Feed {
  rows: readonly RequestRow[];
  live: boolean;
  setLive: (live: boolean) => void;
  /** Null when there are no older rows. */
  loadOlder: (() => Promise<void>) | null;
  /** Rows before this instant are not searched yet: the search took too long. */
  searchedBackTo: string | null;
  /** Why the last read brought no rows. */
  problem: string | undefined;
}

/** The table's rows, read again once a second while the page is visible. */
export function useRequestFeed(first: Rows): Feed {
  const { org } = useParams<{ org: string }>();
  const search = useSearchParams().toString();
  const [page, setPage] = useState(first);
  const [live, setLive] = useState(true);
  const [problem, setProblem] = useState<string>();

  const read = useCallback(
    async (cursor?: string): Promise<Rows | null> => {
      const query = new URLSearchParams(search);
      if (cursor) query.set("cursor", cursor);
      const answer = await fetch(`/${org}/requests/feed?${query}`).catch(() => null);
      // After a sign-out, the page itself leads to the sign-in.
      if (answer?.redirected || answer?.status === 401) window.location.reload();
      const rows: Rows | null = answer?.ok && !answer.redirected ? await answer.json() : null;
      setProblem(rows ? undefined : `Rows could not be loaded: ${answer ? "the server had an error" : OFFLINE}.`);
      return rows;
    },
    [org, search],
  );

  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const poll = async () => {
      const fresh = document.visibilityState === "visible" ? await read() : null;
      if (ended) return;
      if (fresh) setPage((known) => merge(known, fresh));
      timer = setTimeout(poll, POLL_MS);
    };
    timer = setTimeout(poll, POLL_MS);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [live, read]);

  const { nextCursor } = page;
  const loadOlder = async () => {
    const older = nextCursor ? await read(nextCursor) : null;
    if (older) setPage((known) => ({ ...older, items: [...known.items, ...older.items] }));
  };
  const { items: rows, searchedBackTo } = page;
  return { rows, live, setLive, loadOlder: nextCursor ? loadOlder : null, searchedBackTo, problem };
}
