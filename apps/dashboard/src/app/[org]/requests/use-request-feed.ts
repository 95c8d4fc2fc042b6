"use client";

import type { RequestPage, RequestRow } from "@tollgate/control/usage/schemas";
import { useParams, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import type { z } from "zod";

type Rows = z.infer<typeof RequestPage>;

const POLL_MS = 1_000;

/** Newest rows in front. When more came than a page holds, the old rows go: a gap must not look like silence. */
function merge(known: Rows, fresh: Rows): Rows {
  const newest = known.items[0]?.id;
  if (newest && !fresh.items.some(({ id }) => id <= newest)) return fresh;
  if (fresh.items.length === 0) return known;
  const ids = new Set(fresh.items.map(({ id }) => id));
  const items = [...fresh.items, ...known.items.filter(({ id }) => !ids.has(id))];
  if (items.length === known.items.length) return known;
  items.sort((a: RequestRow, b: RequestRow) => (a.id < b.id ? 1 : -1));
  return { items, nextCursor: known.items.length === 0 ? fresh.nextCursor : known.nextCursor };
}

interface Feed {
  rows: readonly RequestRow[];
  live: boolean;
  setLive: (live: boolean) => void;
  /** Null when there are no older rows. */
  loadOlder: (() => Promise<void>) | null;
}

/** The table's rows, kept up to date once a second while someone looks. */
export function useRequestFeed(first: Rows): Feed {
  const { org } = useParams<{ org: string }>();
  const search = useSearchParams().toString();
  const [page, setPage] = useState(first);
  const [live, setLive] = useState(true);

  const read = useCallback(
    async (cursor?: string): Promise<Rows | null> => {
      const query = new URLSearchParams(search);
      if (cursor) query.set("cursor", cursor);
      const answer = await fetch(`/${org}/requests/feed?${query}`).catch(() => null);
      // Signed out meanwhile: the page itself knows the way to the sign-in.
      if (answer?.redirected || answer?.status === 401) window.location.reload();
      return answer?.ok && !answer.redirected ? answer.json() : null;
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
    if (older) setPage((known) => ({ items: [...known.items, ...older.items], nextCursor: older.nextCursor }));
  };
  return { rows: page.items, live, setLive, loadOlder: nextCursor ? loadOlder : null };
}
