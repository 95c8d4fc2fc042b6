import { Nothing } from "../fields.ts";
import { verb } from "../verb.ts";
import { presentOrganisation } from "./present.ts";
import { Organisation } from "./schemas.ts";

export const getOrganisation = verb({
  name: "organisation.get",
  action: "organisation:get",
  input: Nothing,
  output: Organisation,
  http: { method: "GET", path: "/organisation" },
  run: async ({ tx, ctx }) =>
    presentOrganisation(await tx.organisation.findUniqueOrThrow({ where: { id: ctx.orgId } })),
});
