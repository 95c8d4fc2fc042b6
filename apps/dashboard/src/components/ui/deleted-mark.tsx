/** Shown after the last name of a deleted object. A revoked key is marked as revoked. */
export const DeletedMark = ({ when, kind = "deleted" }: { when: boolean; kind?: "deleted" | "revoked" }) =>
  when ? <span className="ml-1.5 shrink-0 font-normal text-faint text-xs">{kind}</span> : null;
