/** The kinds of rows that have generated ids. */
const KINDS = { organisation: 1, team: 2, user: 3, member: 4, key: 5, model: 6, credential: 7 };

/** SQL of the id of row `n` of organisation number `org`. Both are SQL of integers. */
export const idSql = (kind: keyof typeof KINDS, org: string, n: string): string =>
  `('00000000-000${KINDS[kind]}-7000-8000-' || lpad(to_hex(${org}), 5, '0') || lpad(to_hex(${n}), 7, '0'))::uuid`;

/** SQL of the id of an organisation. The large one, number 0, was created by a verb. */
export const orgSql = (large: string, org: string): string =>
  `case when ${org} = 0 then '${large}'::uuid else ${idSql("organisation", org, "0")} end`;
