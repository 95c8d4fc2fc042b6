import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findTeam } from "./find.ts";
import { presentTeam } from "./present.ts";
import { Team } from "./schemas.ts";

/** A developer sees only their own teams. */
export const getTeam = verb({
  name: "teams.get",
  action: "teams:list",
  input: ById,
  output: Team,
  http: { method: "GET", path: "/teams/{id}" },
  run: async (work) => presentTeam(await findTeam(work, work.input.id)),
});
