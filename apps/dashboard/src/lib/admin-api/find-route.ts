import { TollgateError } from "@tollgate/contracts/errors";
import { OFFERED, type Offered } from "@tollgate/control/openapi";

export interface Route {
  verb: Offered;
  /** Values of the path parameters. */
  params: Record<string, string>;
}

/** Matches `/keys/{id}` with `/keys/0198…`; null for another path. */
function match(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name) params[name] = given[at] ?? "";
    else if (segment !== given[at]) return null;
  }
  return params;
}

/** Throws `not_found` for an unknown path, and `method_not_allowed` for a method that the path does not support. */
export function findRoute(method: string, path: string): Route {
  const here = OFFERED.flatMap((verb) => {
    const params = match(verb.http.path, path) ?? (verb.http.former ? match(verb.http.former.path, path) : null);
    return params ? [{ verb, params }] : [];
  });
  const route = here.find(({ verb }) => verb.http.method === method);
  if (route) return route;
  if (here.length === 0) throw new TollgateError("not_found", "There is no such path; see openapi.json.");
  const allow = here.map(({ verb }) => verb.http.method).join(", ");
  throw new TollgateError("method_not_allowed", `This path supports only ${allow}.`, { headers: { allow } });
}
