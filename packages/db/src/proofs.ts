import type { Tx } from "./with-tenant.ts";

/** Parameters and salt of the password hash of an e-mail address. For an unknown address: invented ones, always the same. */
export async function passwordSalt(tx: Tx, email: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ salt: string }[]>`select password_salt(${email}) as salt`;
  return row?.salt ?? "";
}

/** Enters as the person with this password hash. Null if it is wrong; then the transaction sees nothing. */
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

/** Creates the person and adds them to what the transaction sees. False if the address has an account; then nothing changes. */
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

/** Creates the organisation and adds it to what the transaction sees. False if the slug is taken; then nothing changes. */
export async function newOrganisation(tx: Tx, { id, slug, name }: NewOrganisation): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ made: boolean }[]>`
    select create_organisation(${id}::uuid, ${slug}, ${name}) as made`;
  return row?.made === true;
}
