/** Behind the last name of what history names and is there no more. A key that was revoked says so. */
export const DeletedMark = ({ when, kind = "deleted" }: { when: boolean; kind?: "deleted" | "revoked" }) =>
  when ? <span className="ml-1.5 shrink-0 font-normal text-faint text-xs">{kind}</span> : null;
