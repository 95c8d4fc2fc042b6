import { z } from "zod";
import { Decided, DecideQuarantine, QuarantineList } from "./quarantine-schemas.ts";
import { CreatedOrganisation, CreateOrganisationFor } from "./schemas.ts";

type Json = Record<string, unknown>;

/** The parts of the admin API for the operator, with a token of the installation. */
export const OPERATOR_PATHS = {
  organisations: "/operator/organisations",
  quarantine: "/operator/quarantine",
  release: "/operator/quarantine/release",
  discard: "/operator/quarantine/discard",
} as const;

const problem = { $ref: "#/components/schemas/Problem" };
const refusal = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: problem } },
});

const REFUSALS = {
  "400": refusal("The request could not be read."),
  "401": refusal("No valid operator token."),
  "404": refusal("This installation has no operator token."),
  "422": refusal("Fields are not valid."),
  "500": refusal("An internal error of Tollgate."),
};

const answer = (description: string, schema: string): Json => ({
  description,
  content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const bodyOf = (schema: z.ZodType): Json => ({
  required: true,
  content: { "application/json": { schema: z.toJSONSchema(schema, { io: "input" }) } },
});

const OPERATOR = { tags: ["operator"], security: [{ operator: [] }] };

const query = (name: string, description: string, schema: Json): Json => ({ name, in: "query", description, schema });

const decide = (id: string, summary: string): Json => ({
  post: {
    operationId: `operator.${id}`,
    summary,
    ...OPERATOR,
    parameters: [],
    requestBody: bodyOf(DecideQuarantine),
    responses: {
      "200": answer("Marked; a worker does it within a minute.", "QuarantineDecided"),
      ...REFUSALS,
      "409": refusal("There is no such record, or it cannot be released."),
      "413": refusal("The body is too large."),
      "415": refusal("The body is not JSON."),
    },
  },
});

/** The operator's section of the OpenAPI document. */
export const operatorApi = () => ({
  tag: { name: "operator", description: "For the operator of the installation, with TOLLGATE_OPERATOR_TOKEN." },
  scheme: { type: "http", scheme: "bearer", description: "The installation's TOLLGATE_OPERATOR_TOKEN." },
  schemas: {
    CreatedOrganisation: z.toJSONSchema(CreatedOrganisation, { io: "output" }),
    QuarantineList: z.toJSONSchema(QuarantineList, { io: "output" }),
    QuarantineDecided: z.toJSONSchema(Decided, { io: "output" }),
  },
  paths: {
    [OPERATOR_PATHS.organisations]: {
      post: {
        operationId: "operator.createOrganisation",
        summary: "Creates an organisation with its first owner, independently of the sign-up policy.",
        ...OPERATOR,
        parameters: [],
        requestBody: bodyOf(CreateOrganisationFor),
        responses: {
          "201": answer("Created. A generated password is only in this answer.", "CreatedOrganisation"),
          ...REFUSALS,
          "409": refusal("The owner's e-mail address has an account."),
          "413": refusal("The body is too large."),
          "415": refusal("The body is not JSON."),
        },
      },
    },
    [OPERATOR_PATHS.quarantine]: {
      get: {
        operationId: "operator.listQuarantine",
        summary: "Lists usage that could not be recorded, the newest first, with the reason of each record.",
        ...OPERATOR,
        parameters: [
          query("limit", "Records in the answer, at most 500.", {
            type: "integer",
            minimum: 1,
            maximum: 500,
            default: 100,
          }),
          query("cursor", "`nextCursor` of the page before.", { type: "string" }),
        ],
        responses: { "200": answer("One page of it.", "QuarantineList"), ...REFUSALS },
      },
    },
    [OPERATOR_PATHS.release]: decide("releaseQuarantine", "Adds records in quarantine to the ledger."),
    [OPERATOR_PATHS.discard]: decide("discardQuarantine", "Deletes records in quarantine for ever."),
  },
});
