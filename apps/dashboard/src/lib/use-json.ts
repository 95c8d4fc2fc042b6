"use client";

import { useEffect, useState } from "react";

interface Loaded<T> {
  data: T | undefined;
  problem: string | undefined;
}

/** Loads JSON from a path of the dashboard. Null: nothing. Another `turn` loads it again. The last data stay until the next are there. */
export function useJson<T>(path: string | null, turn = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ data: undefined, problem: undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn loads the same path again
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    const load = async () => {
      const response = await fetch(path, { signal: stop.signal });
      if (!response.ok) throw new Error(String(response.status));
      setLoaded({ data: await response.json(), problem: undefined });
    };
    load().catch(() => {
      if (!stop.signal.aborted) setLoaded(({ data }) => ({ data, problem: "It could not be loaded." }));
    });
    return () => stop.abort();
  }, [path, turn]);
  return loaded;
}
