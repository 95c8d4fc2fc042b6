import { type Fields, fieldsOf, isFields, isString } from "../../fields.ts";

/** A tool of a request that its client runs. */
export interface RequestTool {
  kind: "function" | "custom";
  /** The name in the request. */
  name: string;
  /** The namespace that the tool is in; null: none. */
  namespace: string | null;
  definition: Fields;
  /** The field of the request, for errors. */
  param: string;
}

/** The name that the provider gets: other formats have no namespaces. */
export const wireName = (name: string, namespace: unknown): string =>
  isString(namespace) ? `${namespace}__${name}` : name;

/** The client's tools, also those in namespaces, by the name that the provider gets; and all others. */
export function requestTools(body: object): {
  tools: Map<string, RequestTool>;
  others: [param: string, tool: Fields][];
} {
  const tools = new Map<string, RequestTool>();
  const others: [string, Fields][] = [];
  const add = (list: unknown, within: string, namespace: string | null): void => {
    for (const [index, tool] of (Array.isArray(list) ? list : []).entries()) {
      const param = `${within}[${index}]`;
      if (!isFields(tool)) continue;
      const { type, name } = tool;
      if (type === "namespace" && namespace === null && isString(name)) add(tool.tools, `${param}.tools`, name);
      else if ((type === "function" || type === "custom") && isString(name)) {
        tools.set(wireName(name, namespace), { kind: type, name, namespace, definition: tool, param });
      } else others.push([param, tool]);
    }
  };
  add(fieldsOf(body).tools, "tools", null);
  return { tools, others };
}
