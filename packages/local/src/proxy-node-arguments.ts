/**
 * What Node is started with to run the proxy: room for more calls between two collections of garbage, which then copy
 * less and cost each call less. Up to 128 MiB of memory.
 */
export const proxyNodeArguments = ["--min-semi-space-size=64", "--max-semi-space-size=64"];
