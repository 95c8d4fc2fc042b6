/** For the supervisor: the server answers. */
export const GET = (): Response => new Response("ok\n", { headers: { "cache-control": "no-store" } });
