import type { ByteProvider } from "../byte-provider.ts";
import { parsed } from "../meaning/json.ts";
import { type AnswerError, errorOf } from "../meaning/meaning.ts";
import type { Rig } from "../rig.ts";
import { bytesOf } from "./bytes-of.ts";
import { compare, isAccountFault } from "./compare.ts";
import { FORMATS, readerOf, toolsOf } from "./formats.ts";
import { modelOf, NOT_BUILT, type Route, routeOf } from "./lanes.ts";
import { editOf, OPERATIONS } from "./operations.ts";
import type { Recording } from "./recording.ts";
import { undone } from "./same-bytes.ts";

export interface Replayed {
  recording: string;
  surface: string;
  /** `same bytes`: the client got the recorded bytes. `same`: another format with the same meaning. */
  verdict: "same bytes" | "same" | "differs" | "refused" | "not built";
  /** Reasons, differences, and what the format cannot express. */
  notes: string[];
}

interface Got {
  status: number;
  body: string;
}

export interface Bench {
  rig: Rig;
  provider: ByteProvider;
}

async function send({ rig }: Bench, path: string, body: object | FormData): Promise<Got> {
  const isForm = body instanceof FormData;
  const response = await fetch(rig.origin + path, {
    method: "POST",
    headers: { authorization: `Bearer ${rig.key}`, ...(!isForm && { "content-type": "application/json" }) },
    body: isForm ? body : JSON.stringify(body),
  });
  // A stream that breaks off is an answer too.
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch {
    chunks.push(Buffer.from("\n\n(cut)"));
  }
  return { status: response.status, body: Buffer.concat(chunks).toString() };
}

/** The endpoints on which a recording is replayed: all conversation formats, or the one of its operation. */
export function surfacesOf(recording: Recording): string[] {
  const operation = OPERATIONS[recording.wire];
  return operation ? [operation.path(recording)] : FORMATS.map(({ wire }) => wire);
}

/** Replays one recording on every surface that may have it. */
export async function replay(bench: Bench, recording: Recording): Promise<Replayed[]> {
  const route = routeOf(recording);
  if (!route) {
    const reason = NOT_BUILT[recording.wire] ?? `there is no row for ${recording.wire}`;
    return [{ recording: recording.name, surface: "all", verdict: "not built", notes: [reason] }];
  }
  const bytes = bytesOf(recording);
  bench.provider.answer(() => bytes);
  const replayed: Replayed[] = [];
  for (const surface of surfacesOf(recording)) replayed.push(await replayOn(bench, recording, route, surface));
  return replayed;
}

async function replayOn(bench: Bench, recording: Recording, route: Route, surface: string): Promise<Replayed> {
  const { name, wire, stream, status, body } = recording;
  const model = modelOf(recording, surface);
  const operation = OPERATIONS[wire];
  if (operation) {
    const asked = surface.endsWith("/edits") ? editOf(model) : operation.body(model, recording);
    const got = await send(bench, surface, asked);
    return operation.essence && status === 200
      ? judged(recording, surface, operation.essence(body), operation.essence(got.body))
      : sameBytes(recording, surface, got);
  }
  const own = readerOf(wire);
  const format = FORMATS.find(({ wire }) => wire === surface);
  if (!own || !format) throw new Error(`nothing reads ${wire}`);
  const isOwn = wire === surface;
  if (!isOwn && route.ownClientsOnly) {
    return { recording: name, surface, verdict: "refused", notes: [route.ownClientsOnly] };
  }
  const excepted = route.exceptSurfaces?.[surface];
  if (excepted !== undefined) return { recording: name, surface, verdict: "refused", notes: [excepted] };
  const isStream = stream && status === 200;
  const said = own(body, isStream);
  const asked = format.ask(model, stream, toolsOf(said.calls));
  if (!isOwn && wire === "openai-responses" && said.hasMore) {
    return { recording: name, surface, verdict: "refused", notes: ["the recording has several answers in one stream"] };
  }
  const got = await send(bench, asked.path, asked.body);
  if (got.status === 404 && got.body.includes("no such endpoint")) {
    return { recording: name, surface, verdict: "not built", notes: ["there is no such endpoint"] };
  }
  if (isOwn) return sameBytes(recording, surface, got, said.error);
  const { lost, different } = compare(surface, said, format.read(got.body, stream && got.status === 200));
  const notes = [...different, ...lost.map((loss) => `cannot express ${loss}`)];
  return { recording: name, surface, verdict: different.length > 0 ? "differs" : "same", notes };
}

function sameBytes(recording: Recording, surface: string, got: Got, said?: AnswerError | null): Replayed {
  const { body, changes } = undone(got.body, recording.body);
  const failed = said ?? errorOf(parsed(recording.body));
  const error = errorOf(parsed(got.body));
  const isError = recording.status !== 200 || (failed !== null && got.status !== 200);
  const isSame = isError
    ? isAccountFault(error) || error?.message === failed?.message
    : got.status === 200 && body === recording.body;
  return {
    recording: recording.name,
    surface,
    verdict: isSame ? (isError ? "same" : "same bytes") : "differs",
    notes: isSame ? changes : [`${got.status}: ${difference(recording.body, body)}`],
  };
}

function judged(recording: Recording, surface: string, said: unknown, got: unknown): Replayed {
  const isSame = JSON.stringify(said) === JSON.stringify(got);
  return {
    recording: recording.name,
    surface,
    verdict: isSame ? "same" : "differs",
    notes: isSame ? [] : [`${JSON.stringify(said)?.slice(0, 80)} became ${JSON.stringify(got)?.slice(0, 80)}`],
  };
}

/** The first place where two texts differ. */
function difference(said: string, got: string): string {
  let at = 0;
  while (at < said.length && said[at] === got[at]) at += 1;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 100));
  return `from byte ${at}: ${near(said)} became ${near(got)}`;
}
