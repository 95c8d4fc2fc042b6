import { z } from "zod";
import { isUuid } from "./ids.ts";

/** A UUID in the format of Postgres. */
export const StoredId = z.string().refine(isUuid, "expected a UUID in lower case");
