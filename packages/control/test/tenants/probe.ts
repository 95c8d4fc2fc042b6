import { TollgateError } from "@tollgate/contracts/errors";
import { uuidTimeMs, uuidV7 } from "@tollgate/contracts/ids";
import { ROLES } from "@tollgate/contracts/role";
import type { Context } from "@tollgate/control/context";
import type { AnyVerb } from "@tollgate/control/verb";
import { VERBS } from "@tollgate/control/verbs";
import { query } from "@tollgate/testkit/cluster";
import { z } from "zod";
import { SAMPLES } from "./samples.ts";
import type { Tenant } from "./tenant.ts";

export interface Call {
  verb: AnyVerb;
  role: (typeof ROLES)[number];
  input: object;
}

export interface Outcome {
  /** All text that the caller could see. */
  shown: string;
  refused: boolean;
  /** Neither an answer nor a TollgateError. */
  fault: boolean;
}

export async function make(ctx: Context, { verb, input }: Pick<Call, "verb" | "input">): Promise<Outcome> {
  try {
    return { shown: JSON.stringify(await verb.call(ctx, input)), refused: false, fault: false };
  } catch (error) {
    const fault = !(error instanceof TollgateError);
    const { code, message, detail } = (fault ? { message: String(error) } : error) as TollgateError;
    return { shown: JSON.stringify({ code, message, detail }), refused: true, fault };
  }
}

const samplesOf = ({ verb }: AnyVerb, own: Tenant): object[] => (SAMPLES[verb] ?? []).map((sample) => sample(own));

/** In the order of the samples, so that deletions come last. */
const inOrder = (): AnyVerb[] => {
  const order = Object.keys(SAMPLES);
  return VERBS.toSorted((a, b) => order.indexOf(a.verb) - order.indexOf(b.verb));
};

export const isRead = ({ http }: AnyVerb): boolean => "method" in http && http.method === "GET";

/** Calls every verb as every role with the caller's own objects. */
export const ownCalls = (own: Tenant): Call[] =>
  ROLES.flatMap((role) => inOrder().flatMap((verb) => samplesOf(verb, own).map((input) => ({ verb, role, input }))));

type Path = readonly (string | number)[];
type Schema = z.core.JSONSchema._JSONSchema;

/** Fields of an input that take ids, or text that is used as an id. */
function idPaths(schema: Schema, at: Path = []): Path[] {
  if (typeof schema === "boolean") return [];
  const name = at.at(-1);
  if (schema.format === "uuid" || name === "subject" || name === "text") return [at];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([field, part]) => idPaths(part, [...at, field]));
  const items = schema.items && !Array.isArray(schema.items) ? idPaths(schema.items, [...at, 0]) : [];
  return [...fields, ...items, ...(schema.anyOf ?? []).flatMap((part) => idPaths(part, at))];
}

function put(input: object, path: Path, value: string): object {
  const copy = structuredClone(input);
  let place = copy as Record<string | number, unknown>;
  path.slice(0, -1).forEach((step, depth) => {
    place[step] ??= typeof path[depth + 1] === "number" ? [] : {};
    place = place[step] as Record<string | number, unknown>;
  });
  const last = path.at(-1);
  if (last !== undefined) place[last] = value;
  return copy;
}

/** Every id field of every verb's input, as every role. For the owner with all samples of a verb. */
export function idPlaces(own: Tenant): (Call & { path: Path })[] {
  return ROLES.flatMap((role) =>
    VERBS.flatMap((verb) => {
      const paths = idPaths(z.toJSONSchema(verb.input, { io: "input" }));
      const samples = samplesOf(verb, own).slice(0, role === "owner" ? undefined : 1);
      return samples.flatMap((input) => paths.map((path) => ({ verb, role, input, path })));
    }),
  );
}

export const withId = (call: Call & { path: Path }, id: string): Call => ({
  ...call,
  input: put(call.input, call.path, id),
});

/** An unknown id with the same time, so that it sorts in the same place. */
export const randomLike = (id: string): string => uuidV7(uuidTimeMs(id));

/** All rows of a tenant as text, with the rows of its people. */
export async function rowsOf(ownerUrl: string, { orgId }: Tenant): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string; key: string }>(
    ownerUrl,
    `SELECT table_name AS name, 'org_id' AS key FROM information_schema.columns
     JOIN pg_class AS c ON c.relname = table_name AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     WHERE table_schema = 'public' AND column_name = 'org_id'
     UNION ALL SELECT 'organisation', 'id'`,
  );
  const rows: Record<string, string[]> = {};
  for (const { name, key } of tables) {
    const found = await query<{ row: string }>(
      ownerUrl,
      `SELECT to_jsonb(t)::text AS row FROM ${name} AS t WHERE ${key} = '${orgId}' ORDER BY 1`,
    );
    rows[name] = found.map(({ row }) => row);
  }
  const people = await query<{ row: string }>(
    ownerUrl,
    `SELECT to_jsonb(u)::text AS row FROM app_user AS u
     WHERE EXISTS (SELECT FROM membership AS m WHERE m.user_id = u.id AND m.org_id = '${orgId}') ORDER BY 1`,
  );
  return { ...rows, app_user: people.map(({ row }) => row) };
}

/** All ids in those rows. */
export const idsIn = (rows: Record<string, string[]>): Set<string> =>
  new Set(
    Object.values(rows)
      .flat()
      .join("\n")
      .match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? [],
  );
