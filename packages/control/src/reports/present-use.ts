import { UNITS } from "@tollgate/catalog/units";
import type { Use } from "@tollgate/contracts/usage-event";
import { z } from "zod";

/** Amounts by unit; what was not used is absent. A unit that is part of another is in both amounts. */
export const Used = z.record(z.string(), z.int());
export type Used = z.infer<typeof Used>;

/** Units that have a column in the ledger. */
export const STORED = UNITS.flatMap(({ id, column }) => (column ? [{ id, column }] : []));

/** The same, of every unit that has a column in the ledger, with zeros. */
export const Tokens = z.object(Object.fromEntries(STORED.map(({ id }) => [id, z.int()])));
export type Tokens = z.infer<typeof Tokens>;

export const presentUse = (use: Use): Used =>
  Object.fromEntries(Object.entries(use).flatMap(([unit, amount]) => (amount ? [[unit, amount]] : [])));

export const presentTokens = (use: Use): Tokens => Object.fromEntries(STORED.map(({ id }) => [id, use[id] ?? 0]));
