import type { Provider } from "@tollgate/testkit/provider";
import { type Fields, parsed } from "../meaning/json.ts";
import type { Meaning } from "../meaning/meaning.ts";
import type { Rig } from "../rig.ts";
import { type Family, isBuilt } from "./families.ts";
import { behaviourOf, reporting, type Script } from "./scripts.ts";
import type { Ask, Surface } from "./surfaces/surface.ts";

/** Null: as it should be. `refused`: the client is told why it cannot have it. */
export type Cell = { verdict: "refused" | "wrong" | "not built"; reason: string } | null;

export interface Got {
  status: number;
  meaning: Meaning;
  json: Fields;
  /** Set if the gateway refuses the request by name. */
  refusal: Cell;
  /** The provider serves the client's format. */
  isPassed: boolean;
  /** Wrong if the provider's request lacks one of these texts. */
  sees(...texts: readonly string[]): Cell;
  seesNot(text: string): Cell;
  /** How a signature that the scripted provider gave is written in its requests. */
  asSigned(signature: string): string;
}

export interface Stage {
  surface: Surface;
  family: Family;
  ask(given: Omit<Ask, "model">, script: Script): Promise<Got>;
}

export const refused = (reason: string): Cell => ({ verdict: "refused", reason });
const wrong = (reason: string): Cell => ({ verdict: "wrong", reason });

export function expectSame(got: unknown, expected: unknown): Cell {
  const [one, other] = [got, expected].map((each) => JSON.stringify(sorted(each)));
  return one === other ? null : wrong(`${other} became ${one}`);
}

/** The fields of `expected` are the same in the meaning. */
export function expectAll(meaning: Meaning, expected: object): Cell {
  if (meaning.error) return wrong(`error: ${meaning.error.message}`);
  if (meaning.isTorn) return wrong("the deltas do not add up to the end of the stream");
  const got = Object.fromEntries(Object.keys(expected).map((name) => [name, meaning[name as keyof Meaning]]));
  return expectSame(got, expected);
}

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** The fields with which clients are told that a request cannot be served as it is. */
function refusalOf(status: number, answer: Fields): Cell {
  const error = (answer.error ?? {}) as Fields;
  const isByName = status === 400 && /unsupported|not supported by|does not have/i.test(JSON.stringify(error));
  return isByName ? refused(String(error.message)) : null;
}

/** The formats that the scripted provider speaks. */
const WIRES = {
  openai: "openai-chat",
  responses: "openai-responses",
  anthropic: "anthropic-messages",
  google: "google-generate",
  bedrock: "bedrock-converse",
  cohere: "cohere-chat",
} as const;

export interface Theatre {
  rig: Rig;
  provider: Provider;
}

export function stageFor({ rig, provider }: Theatre, surface: Surface, family: Family): Stage {
  return {
    surface,
    family,
    async ask(given, script) {
      const { path, body } = surface.request({ model: family.id, ...given });
      const before = provider.requests.length;
      const behaviour = behaviourOf(script);
      provider.scriptModel(family.upstreamModel, family.reportsUnasked ? reporting(behaviour) : behaviour);
      const response = await fetch(rig.origin + path, {
        method: "POST",
        headers: { authorization: `Bearer ${rig.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const json = parsed(text);
      const seen = provider.requests.slice(before).at(-1);
      const sent = seen?.body.toString() ?? "";
      return {
        status: response.status,
        meaning: surface.read(text, given.stream && response.status === 200),
        json,
        refusal: refusalOf(response.status, json),
        isPassed: seen !== undefined && WIRES[seen.dialect] === surface.id,
        sees: (...texts) => {
          const missing = texts.find((each) => !sent.includes(each));
          return missing === undefined ? null : wrong(`the provider does not get ${missing}`);
        },
        seesNot: (each) => (sent.includes(each) ? wrong(`the provider gets ${each}`) : null),
        asSigned: (signature) => (seen?.dialect === "google" ? Buffer.from(signature).toString("base64") : signature),
      };
    },
  };
}

/** Runs one cell of the table. */
export async function cellOf(stage: Stage, feature: { run(stage: Stage): Promise<Cell> }): Promise<Cell> {
  if (!isBuilt(stage.family)) return { verdict: "not built", reason: "there is no such provider yet" };
  try {
    return await feature.run(stage);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
