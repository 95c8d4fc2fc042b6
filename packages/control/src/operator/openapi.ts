import { z } from "zod";
import { CreatedOrganisation, CreateOrganisationFor } from "./schemas.ts";

type Json = Record<string, unknown>;

/** The part of the admin API for the operator, with a token of the installation. */
export const OPERATOR_PATH = "/operator/organisations";

const problem = { $ref: "#/components/schemas/Problem" };
const refusal = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: problem } },
});

/** The operator's section of the OpenAPI document. */
export const operatorApi = () => ({
  tag: { name: "operator", description: "For the operator of the installation, with TOLLGATE_OPERATOR_TOKEN." },
  scheme: { type: "http", scheme: "bearer", description: "The installation's TOLLGATE_OPERATOR_TOKEN." },
  schemas: { CreatedOrganisation: z.toJSONSchema(CreatedOrganisation, { io: "output" }) },
  paths: {
    [OPERATOR_PATH]: {
      post: {
        operationId: "operator.createOrganisation",
        summary: "Creates an organisation with its first owner, independently of the sign-up policy.",
        tags: ["operator"],
        security: [{ operator: [] }],
        parameters: [],
        requestBody: {
          required: true,
          content: { "application/json": { schema: z.toJSONSchema(CreateOrganisationFor, { io: "input" }) } },
        },
        responses: {
          "201": {
            description: "Created. A generated password is only in this answer.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/CreatedOrganisation" } } },
          },
          "400": refusal("The request could not be read."),
          "401": refusal("No valid operator token."),
          "404": refusal("This installation has no operator token."),
          "409": refusal("The owner's e-mail address has an account."),
          "413": refusal("The body is too large."),
          "415": refusal("The body is not JSON."),
          "422": refusal("Fields are not valid."),
          "500": refusal("An internal error of Tollgate."),
        },
      },
    },
  },
});
