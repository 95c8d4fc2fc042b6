import type { Tx } from "./with-tenant.ts";

/** Parameters and salt of the address's password hash; for an unknown address made-up ones, the same each time. */
export async function passwordSalt(tx: Tx, email: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ salt: string }[]>`select password_salt(${email}) as salt`;
  return row?.salt ?? "";
}

/** Enters as the person whose password has this hash; null, and sees nothing, when it is wrong. */
export async function enterPassword(tx: Tx, email: string, hash: string): Promise<{ id: string; name: string } | null> {
  const [row] = await tx.$queryRaw<
    { id: string; name: string }[]
  >`select id, name from enter_password(${email}, ${hash})`;
  return row ?? null;
}

export interface NewPerson {
  id: string;
  email: string;
  name: string;
  passwordHash: string | null;
}

/** Adds the new person to what the transaction sees. False, and nothing done, when the address has an account. */
export async function newPerson(tx: Tx, { id, email, name, passwordHash }: NewPerson): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ made: boolean }[]>`
    select create_person(${id}::uuid, ${email}, ${name}, ${passwordHash}) as made`;
  return row?.made === true;
}

interface NewOrganisation {
  id: string;
  slug: string;
  name: string;
}

/** Adds the new organisation to what the transaction sees. False, and nothing done, when the slug is taken. */
export async function newOrganisation(tx: Tx, { id, slug, name }: NewOrganisation): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ made: boolean }[]>`
    select create_organisation(${id}::uuid, ${slug}, ${name}) as made`;
  return row?.made === true;
}
