import { readiness } from "@/operate/readiness.ts";

export const dynamic = "force-dynamic";

/** Whether a load balancer should send requests here. */
export async function GET(): Promise<Response> {
  const { isReady, body } = await readiness();
  return Response.json(body, { status: isReady ? 200 : 503, headers: { "cache-control": "no-store" } });
}
