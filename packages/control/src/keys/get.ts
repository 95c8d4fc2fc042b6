import { ById } from "../fields.ts";
import { verb } from "../verb.ts";
import { findKey } from "./find.ts";
import { presentKey } from "./present.ts";
import { Key } from "./schemas.ts";

export const getKey = verb({
  name: "keys.get",
  action: "keys:get",
  input: ById,
  output: Key,
  http: { method: "GET", path: "/keys/{id}" },
  run: async (work) => presentKey(await findKey(work, work.input.id), work.ctx.services.now()),
});
