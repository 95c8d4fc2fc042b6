/** The status that a refusal has when it comes as a response. In a stream only its name comes. */
const STATUS: Readonly<Record<string, number>> = {
  accessDeniedException: 403,
  internalServerException: 500,
  modelNotReadyException: 429,
  modelStreamErrorException: 424,
  modelTimeoutException: 408,
  resourceNotFoundException: 404,
  serviceUnavailableException: 503,
  throttlingException: 429,
  validationException: 400,
};

/** `name`: of an exception in a stream. One that is not known counts as an error of the provider. */
export const statusOf = (name: string): number => STATUS[lowerFirst(name)] ?? 500;

/** Responses name exceptions with a capital letter. */
export const codeOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
