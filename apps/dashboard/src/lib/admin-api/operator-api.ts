import { TollgateError } from "@tollgate/contracts/errors";
import type { Services } from "@tollgate/control/context";
import type { Answer } from "@tollgate/control/idempotent";
import { createOrganisationFor } from "@tollgate/control/operator/create-organisation";
import { OPERATOR_PATHS } from "@tollgate/control/operator/openapi";
import { decideQuarantine, listQuarantine } from "@tollgate/control/operator/quarantine";
import type { DecideQuarantine } from "@tollgate/control/operator/quarantine-schemas";
import { requireOperator } from "@tollgate/control/operator/require-operator";
import type { CreateOrganisationFor } from "@tollgate/control/operator/schemas";
import { readInput } from "./read-input.ts";

/** The verbs parse the input. */
type Fields = Record<string, unknown>;

interface Part {
  method: "GET" | "POST";
  status: number;
  run: (services: Services, fields: Fields, address: string | null) => Promise<unknown>;
}

const decide = (decision: "release" | "discard"): Part => ({
  method: "POST",
  status: 200,
  run: (services, fields, address) =>
    decideQuarantine(services, decision, fields as DecideQuarantine, `operator token, ${address ?? "unknown address"}`),
});

/** What the operator can do with a token of the installation. */
const PARTS: Record<string, Part> = {
  [OPERATOR_PATHS.organisations]: {
    method: "POST",
    status: 201,
    run: (services, fields, address) => createOrganisationFor(services, fields as CreateOrganisationFor, address),
  },
  [OPERATOR_PATHS.quarantine]: {
    method: "GET",
    status: 200,
    run: (services, fields) => listQuarantine(services, fields),
  },
  [OPERATOR_PATHS.release]: decide("release"),
  [OPERATOR_PATHS.discard]: decide("discard"),
};

export const isOperatorPath = (path: string): boolean => Object.hasOwn(PARTS, path);

interface OperatorApi {
  services: () => Services;
  operatorToken: () => string | undefined;
  addressOf: (request: Request) => string | null;
}

/** Answers the operator. Throws for another token, and for an installation without one. */
export async function operatorAnswer(
  { services, operatorToken, addressOf }: OperatorApi,
  path: string,
  request: Request,
  bearer: string,
): Promise<Answer> {
  requireOperator(operatorToken(), bearer);
  const part = PARTS[path];
  if (part?.method !== request.method) {
    const allow = part?.method ?? "";
    throw new TollgateError("method_not_allowed", `This path supports only ${allow}.`, { headers: { allow } });
  }
  const { fields } = await readInput(request, {});
  return { status: part.status, body: await part.run(services(), fields, addressOf(request)) };
}
