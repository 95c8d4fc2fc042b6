import type { Grant } from "@tollgate/contracts/grant";
import type { Exchange } from "../exchange.ts";
import type { Labels } from "../labels.ts";

/** The caller of a surface that runs no model. */
export interface Caller {
  exchange: Exchange;
  grant: Grant;
  labels: Labels;
}
