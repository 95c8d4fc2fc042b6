import { createInterface } from "node:readline";

/** Serves `methods` as JSON-RPC, one message per line, until the input has ended and every call is answered. */
export async function serveJsonRpc(methods, { input, output }) {
  const send = (message) => output.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const running = new Set();
  for await (const line of createInterface({ input })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the CLI's answer to our `print`
    const call = answer(id, method, params).finally(() => running.delete(call));
    running.add(call);
  }
  await Promise.all(running);

  async function answer(id, method, params) {
    const print = (content) => send({ id: `print-${id}`, method: "print", params: { content } });
    try {
      if (!methods[method]) throw new Error(`the schema engine has no method ${method}`);
      send({ id, result: await methods[method](params, { print }) });
    } catch (error) {
      send({ id, error: rpcError(error) });
    }
  }
}

function rpcError(error) {
  const { code, message = String(error), meta = {} } = error ?? {};
  return {
    code: 4466, // the only code whose `data` the CLI reads
    message: "An error happened. Check the data field for details.",
    data: { is_panic: false, message, meta, error_code: typeof code === "string" ? code : null, backtrace: null },
  };
}
