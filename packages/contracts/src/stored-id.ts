import { z } from "zod";
import { isUuid } from "./ids.ts";

/** A UUID as Postgres writes it. */
export const StoredId = z.string().refine(isUuid, "expected a UUID in lower case");
