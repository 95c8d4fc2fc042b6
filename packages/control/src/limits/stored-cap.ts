import { capAt } from "@tollgate/policy/limit-cap";

/**
 * SQL: the increases of the limit `l` that were not revoked, as JSON. When they end is left to `storedCapAt`, so that the
 * rule exists once.
 */
export const STANDING_INCREASES = `coalesce((
  select jsonb_agg(jsonb_build_object('amount', i.amount::text, 'untilMs', (extract(epoch from i.until) * 1000)::bigint))
  from limit_increase as i where i.org_id = l.org_id and i.limit_id = l.id and i.revoked_at is null
), '[]')`;

/** A limit's amount and increases as SQL returns them: amounts are decimal text. */
export interface StoredCap {
  amount: string;
  increases: { amount: string; untilMs: number }[];
}

/** What a stored limit allows at an instant. */
export const storedCapAt = ({ amount, increases }: StoredCap, atMs: number): bigint =>
  capAt(
    {
      amount: BigInt(amount),
      increases: increases.map(({ amount, untilMs }) => ({ amount: BigInt(amount), untilMs })),
    },
    atMs,
  );
