import path from "node:path";

/** What an agent needs to know to reach Tollgate. */
export interface Place {
  /** Origin of the proxy. */
  origin: string;
  key: string;
  /** Name of the model at Tollgate. */
  model: string;
  /** Its home, which is empty before. */
  home: string;
}

export interface Agent {
  id: string;
  /** npm package and version. */
  package: string;
  version: string;
  /** Whether the program is for one platform: `<package>-<platform>-<arch>` has it. Absent: it runs on Node. */
  binary?(platform: string): string;
  /** Of the package that runs on Node. */
  script?: string;
  /** The family of the upstream: another one than that of the agent's format. */
  family: string;
  args(prompt: string, place: Place): string[];
  env(place: Place): Record<string, string>;
  /** Files in its home or its folder before it starts. */
  files?(place: Place): Record<string, string>;
  /** How its tools write a file. The first that the request offers is called. */
  writes(file: string, content: string): { name: string; arguments: Record<string, unknown> }[];
}

const shell = (file: string, content: string): string => `printf %s '${content}' > '${file}'`;

export const AGENTS: readonly Agent[] = [
  {
    id: "Claude Code",
    package: "@anthropic-ai/claude-code",
    version: "2.1.332",
    binary: (platform) => `@anthropic-ai/claude-code-${platform}/claude`,
    family: "openai",
    args: (prompt, { model }) => ["-p", prompt, "--model", model, "--allowedTools", "Write"],
    env: ({ origin, key }) => ({
      ANTHROPIC_BASE_URL: origin,
      ANTHROPIC_AUTH_TOKEN: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    }),
    writes: (file, content) => [{ name: "Write", arguments: { file_path: file, content } }],
  },
  {
    id: "Codex CLI",
    package: "@openai/codex",
    version: "0.171.0",
    script: "bin/codex.js",
    family: "anthropic",
    args: (prompt) => ["exec", "--skip-git-repo-check", "--sandbox", "danger-full-access", prompt],
    env: ({ key, home }) => ({ TOLLGATE_KEY: key, CODEX_HOME: path.join(home, ".codex") }),
    files: ({ origin, model }) => ({
      ".codex/config.toml": [
        `model = "${model}"`,
        'model_provider = "tollgate"',
        "[model_providers.tollgate]",
        'name = "Tollgate"',
        `base_url = "${origin}/v1"`,
        'env_key = "TOLLGATE_KEY"',
        'wire_api = "responses"',
      ].join("\n"),
    }),
    writes: (file, content) => [
      { name: "exec_command", arguments: { cmd: shell(file, content) } },
      { name: "shell_command", arguments: { command: shell(file, content) } },
      { name: "shell", arguments: { command: ["bash", "-lc", shell(file, content)] } },
    ],
  },
  {
    id: "opencode",
    package: "opencode-ai",
    version: "1.18.33",
    binary: (platform) => `opencode-${platform}/bin/opencode`,
    family: "google",
    args: (prompt, { model }) => ["run", "-m", `tollgate/${model}`, prompt],
    env: ({ key }) => ({ TOLLGATE_KEY: key, OPENCODE_DISABLE_AUTOUPDATE: "1" }),
    files: ({ origin, model }) => ({
      "opencode.json": JSON.stringify({
        provider: {
          tollgate: {
            npm: "@ai-sdk/openai-compatible",
            name: "Tollgate",
            options: { baseURL: `${origin}/v1`, apiKey: "{env:TOLLGATE_KEY}" },
            models: { [model]: { name: model, tool_call: true } },
          },
        },
      }),
    }),
    writes: (file, content) => [{ name: "write", arguments: { filePath: file, content } }],
  },
  {
    id: "Qwen Code",
    package: "@qwen-code/qwen-code",
    version: "0.24.4",
    script: "cli.js",
    family: "anthropic",
    args: (prompt) => ["-p", prompt, "--yolo", "--auth-type", "openai"],
    env: ({ origin, key, model }) => ({
      OPENAI_BASE_URL: `${origin}/v1`,
      OPENAI_API_KEY: key,
      OPENAI_MODEL: model,
    }),
    writes: (file, content) => [{ name: "write_file", arguments: { file_path: file, content } }],
  },
  {
    id: "Gemini CLI",
    package: "@google/gemini-cli",
    version: "0.61.0",
    script: "bundle/gemini.js",
    family: "openai",
    args: (prompt, { model }) => ["-p", prompt, "--yolo", "-m", model],
    env: ({ origin, key }) => ({
      GOOGLE_GEMINI_BASE_URL: origin,
      GEMINI_API_KEY: key,
      GEMINI_CLI_TRUST_WORKSPACE: "true",
    }),
    files: () => ({ ".gemini/settings.json": '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' }),
    writes: (file, content) => [{ name: "write_file", arguments: { file_path: file, content } }],
  },
];
