/** The AI SDK's namespace for options of this bridge: request fields in Cohere's format. */
export const NAMESPACE = "cohere";
