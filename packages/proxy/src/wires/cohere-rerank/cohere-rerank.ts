import { ordinary } from "../../body/places.ts";
import { cohereError } from "../error-wording.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import type { SurfaceWire } from "../wire.ts";
import { rerankAnswers } from "./answer.ts";
import { rerankBound } from "./bound.ts";
import { readRerankRequest } from "./read.ts";
import { rerankUsage } from "./usage.ts";

const texts = plainTexts();

/** Cohere's rerank, version 2, as Cohere and compatible providers serve it. */
export const cohereRerank: SurfaceWire = {
  id: "cohere-rerank",
  operation: "rerank",
  usage: rerankUsage,
  bridge: null,
  places: ordinary,
  read: readRerankRequest,
  texts,
  bound: plainBound(texts, rerankBound),
  send: sendPlain,
  answer: rerankAnswers,
  errors: { wording: cohereError, frame: (body) => `data: ${body}\n\n` },
  codec: null,
};

/** Version 1: documents may be objects, and the answer may repeat them. Cohere has it at another path. */
export const cohereRerank1: SurfaceWire = { ...cohereRerank, id: "cohere-rerank-1" };
