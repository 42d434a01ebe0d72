"""A program as anybody writes it, with OpenAI's own client for Python."""

import sys

import openai

base_url, api_key, clone, model, embedding_model = sys.argv[1:]
client = openai.OpenAI(base_url=base_url, api_key=api_key)
messages = [{"role": "user", "content": "What is a clone?"}]

listed = [each.id for each in client.models.list()]
assert clone in listed and model in listed, "both are listed"

whole = client.chat.completions.create(model=clone, messages=messages, max_tokens=100)
assert whole.choices[0].message.content, "a clone answers"
assert isinstance(whole.choices[0].message.citations, list), "with citations"

stream = client.chat.completions.create(
    model=model, messages=messages, max_tokens=60, stream=True, stream_options={"include_usage": True}
)
chunks = list(stream)
assert sum(1 for chunk in chunks if chunk.choices and chunk.choices[0].delta.content) > 1, "it comes in pieces"
assert chunks[-1].usage.completion_tokens > 1, "and is counted"

answer = client.responses.create(model=clone, input="What is a clone?", max_output_tokens=60)
assert answer.output_text, "the later wire answers"

vectors = client.embeddings.create(model=embedding_model, input=["A lamp.", "A lantern."])
assert [len(each.embedding) for each in vectors.data] == [384, 384]

try:
    client.chat.completions.create(model="ollama/none", messages=messages)
    raise AssertionError("a model that is not there is refused")
except openai.NotFoundError:
    pass
