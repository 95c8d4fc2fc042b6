import { type NewPerson, newPerson } from "@tollgate/db/proofs";
import type { Tx } from "@tollgate/db/with-tenant";

/** The address has an account. */
export class AddressTaken extends Error {
  override readonly name = "AddressTaken";
}

/** Creates the person, whom the transaction then sees. Throws {@link AddressTaken}. */
export async function addPerson(tx: Tx, person: NewPerson): Promise<void> {
  if (!(await newPerson(tx, person))) throw new AddressTaken();
}
