"use client";

import type { CatalogueModel } from "@tollgate/control/catalogue/schemas";
import { useParams } from "next/navigation";
import type { z } from "zod";
import { useJson } from "@/lib/use-json.ts";

type Models = z.infer<typeof CatalogueModel>[];

/** The catalogue's models of a provider, with their prices. */
export function useCatalogueModels(provider: string | undefined): Models {
  const { org } = useParams<{ org: string }>();
  const path = provider ? `/${org}/models/catalogue?provider=${encodeURIComponent(provider)}` : null;
  return useJson<{ items: Models }>(path).data?.items ?? [];
}
