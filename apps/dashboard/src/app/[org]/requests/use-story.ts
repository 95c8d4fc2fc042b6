"use client";

import type { RequestDetail } from "@tollgate/control/reports/schemas";
import { useParams } from "next/navigation";
import { useEffect, useState } from "react";

interface Known {
  id: string;
  story?: RequestDetail;
  problem?: string;
}

async function fetchStory(org: string, id: string, signal: AbortSignal): Promise<Known> {
  const answer = await fetch(`/${org}/requests/${encodeURIComponent(id)}/story`, { signal });
  if (answer.ok) return { id, story: await answer.json() };
  return {
    id,
    problem: answer.status === 404 || answer.status === 422 ? "There is no such request." : "It could not be loaded.",
  };
}

/** The details of a request, fetched when its id is set. Both are empty while they are loaded. */
export function useStory(id: string | null): Omit<Known, "id"> {
  const { org } = useParams<{ org: string }>();
  const [known, setKnown] = useState<Known>();
  useEffect(() => {
    if (!id) return;
    const stop = new AbortController();
    fetchStory(org, id, stop.signal)
      .then(setKnown)
      .catch(() => stop.signal.aborted || setKnown({ id, problem: "The server cannot be reached." }));
    return () => stop.abort();
  }, [org, id]);
  return known && known.id === id ? known : {};
}
