/** Where an agent finds its programs. */
export const readSearchPath = (from: NodeJS.ProcessEnv = process.env): string => from.PATH ?? "";
