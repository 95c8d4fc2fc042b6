import { Server } from "node:net";

/** Preloaded into programs that would listen on every interface: they listen on 127.0.0.1 instead. */
const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;
Server.prototype.listen = function onLoopback(this: Server, ...args: unknown[]) {
  return typeof args[0] === "number"
    ? listen.call(this, args[0], "127.0.0.1", ...args.slice(1))
    : listen.apply(this, args);
} as Server["listen"];
