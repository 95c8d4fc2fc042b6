"""Calls models through one official client, with base URL and key changed only.

Arguments: client, origin, key, models. Prints one line of JSON for each model.
"""

import json
import sys

PROMPT = "Weather?"
RESULT = "It rains in Bern."
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


def openai_client(origin, key):
    from openai import OpenAI

    chat = OpenAI(base_url=origin + "/v1", api_key=key, max_retries=0).chat.completions
    tools = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]

    def ask(model, messages, **more):
        return chat.create(model=model, messages=messages, **more)

    def text(model):
        return ask(model, [{"role": "user", "content": PROMPT}]).choices[0].message.content

    def stream(model):
        chunks = ask(model, [{"role": "user", "content": PROMPT}], stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)

    def tool(model):
        messages = [{"role": "user", "content": PROMPT}]
        said = ask(model, messages, tools=tools).choices[0].message
        call = said.tool_calls[0]
        messages += [said, {"role": "tool", "tool_call_id": call.id, "content": RESULT}]
        return json.loads(call.function.arguments), ask(model, messages, tools=tools).choices[0].message.content

    return text, stream, tool


def anthropic_client(origin, key):
    from anthropic import Anthropic

    client = Anthropic(base_url=origin, api_key=key, max_retries=0).messages
    tools = [{"name": "weather", "input_schema": SCHEMA}]

    def ask(model, messages, **more):
        return client.create(model=model, max_tokens=1024, messages=messages, **more)

    def said_in(message):
        return "".join(block.text for block in message.content if block.type == "text")

    def text(model):
        return said_in(ask(model, [{"role": "user", "content": PROMPT}]))

    def stream(model):
        messages = [{"role": "user", "content": PROMPT}]
        with client.stream(model=model, max_tokens=1024, messages=messages) as events:
            return "".join(events.text_stream)

    def tool(model):
        messages = [{"role": "user", "content": PROMPT}]
        first = ask(model, messages, tools=tools)
        call = next(block for block in first.content if block.type == "tool_use")
        result = {"type": "tool_result", "tool_use_id": call.id, "content": RESULT}
        messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
        return call.input, said_in(ask(model, messages, tools=tools))

    return text, stream, tool


def google_client(origin, key):
    from google import genai
    from google.genai import types

    # A reference to the client stays, because it closes its connections when it is collected.
    client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=origin))
    declared = types.FunctionDeclaration(name="weather", parameters_json_schema=SCHEMA)
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[declared])],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )

    def text(model):
        return client.models.generate_content(model=model, contents=PROMPT).text

    def stream(model):
        chunks = client.models.generate_content_stream(model=model, contents=PROMPT)
        return "".join(chunk.text or "" for chunk in chunks)

    def tool(model):
        contents = [types.Content(role="user", parts=[types.Part(text=PROMPT)])]
        first = client.models.generate_content(model=model, contents=contents, config=config)
        call = first.function_calls[0]
        response = types.FunctionResponse(id=call.id, name="weather", response={"output": RESULT})
        contents += [
            first.candidates[0].content,
            types.Content(role="user", parts=[types.Part(function_response=response)]),
        ]
        return call.args, client.models.generate_content(model=model, contents=contents, config=config).text

    return text, stream, tool


CLIENTS = {"openai": openai_client, "anthropic": anthropic_client, "google-genai": google_client}


def main(name, origin, key, models):
    text, stream, tool = CLIENTS[name](origin, key)
    for model in models:
        try:
            got = {"text": text(model), "stream": stream(model)}
            got["input"], got["last"] = tool(model)
        except Exception as error:  # One family that fails must not hide the others.
            got = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"model": model, **got}), flush=True)


main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
