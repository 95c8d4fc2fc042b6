/** An error that the user can correct. It is shown as one line without a stack. */
export class Refusal extends Error {
  override name = "Refusal";
}
