/** Fields that a pass-through may change, and how they are undone before bytes are compared. */
export interface Undone {
  body: string;
  /** Names of what was changed. */
  changes: string[];
}

const COST = /,"cost_usd":[\d.e-]+/g;
const SEALED = /"(?:resp_|file-|cntr_)tg1[\w-]+"/;

/** The answer that the client got, with the provider's ids and without our cost. */
export function undone(got: string, said: string): Undone {
  const changes: string[] = [];
  let body = got.replace(COST, "");
  if (body !== got) changes.push("cost added");
  for (;;) {
    const sealed = SEALED.exec(body);
    if (!sealed) break;
    const [theirs] = /^"[^"]*"/.exec(said.slice(sealed.index)) ?? [];
    if (theirs === undefined) break;
    body = body.replaceAll(sealed[0], theirs);
    if (!changes.includes("ids of stored objects sealed")) changes.push("ids of stored objects sealed");
  }
  const isUnfinished = body.length > said.length && body.startsWith(said) && body.slice(said.length).includes("error");
  if (!isUnfinished) return { body, changes };
  return { body: said, changes: [...changes, "an error event added, because the recording has no end"] };
}
