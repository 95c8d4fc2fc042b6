/** The AI SDK's namespace for options and metadata of Bedrock. */
export const NAMESPACE = "amazonBedrock" as const;
