import pg from "pg";

export interface Statement {
  text: string;
  values: unknown[];
}

type Rewrite = (statement: Statement) => Statement;

/** Changes every statement on its way to Postgres, to simulate a programming error. Returns a function that undoes it. */
export function bendSql(rewrite: Rewrite): () => void {
  const straight = pg.Client.prototype.query;
  const bent = function (this: pg.Client, first: unknown, ...rest: unknown[]): unknown {
    const statement = first as Partial<Statement> | string;
    const isPlain = typeof statement === "object" && typeof statement.text === "string" && !("submit" in statement);
    const sent = isPlain
      ? { ...statement, ...rewrite({ text: statement.text ?? "", values: statement.values ?? [] }) }
      : first;
    return Reflect.apply(straight, this, [sent, ...rest]);
  };
  Object.assign(pg.Client.prototype, { query: bent });
  return () => Object.assign(pg.Client.prototype, { query: straight });
}

const PREDICATE = /(?:"?\w+"?\.)*"?org_id"? = (\$\d+)(?:::uuid)?/g;

/** Simulates a query without the condition on the organisation. */
export const forgetTenant: Rewrite = ({ text, values }) => ({
  text: text.replace(PREDICATE, (_, parameter: string) => `${parameter}::uuid is not null`),
  values,
});
