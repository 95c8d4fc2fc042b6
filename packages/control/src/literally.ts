/** Escapes the wildcards of `like`. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
