/** What every process of the bench starts with. */
export const inherited: NodeJS.ProcessEnv = process.env;
