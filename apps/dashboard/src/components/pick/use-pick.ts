"use client";

import { useParams } from "next/navigation";
import { useEffect, useState } from "react";
import type { PickKind } from "@/lib/pick-kinds.ts";
import type { PickOptions } from "@/lib/pick-options.ts";
import { useJson } from "@/lib/use-json.ts";

const TYPING_MS = 150;

interface Found extends PickOptions {
  /** Whether options were loaded, for any text. */
  loaded: boolean;
  problem: string | undefined;
}

/** The options that match a text, loaded while `active`. The last ones stay until the next ones are there. */
export function usePick(of: PickKind, text: string, active: boolean): Found {
  const { org } = useParams<{ org: string }>();
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text), text === "" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, problem } = useJson<PickOptions>(
    active ? `/${org}/pick/${of}?search=${encodeURIComponent(search)}` : null,
  );
  return { options: data?.options ?? [], more: data?.more ?? false, loaded: data !== undefined, problem };
}
