import { expect, it } from "vitest";
import { isOwnBox } from "./waits.ts";

it.each([
  "http://127.0.0.1:8899/v1",
  "http://localhost:11434/v1",
  "http://[::1]:1234/v1",
  "http://192.168.1.10:8000/v1",
  "http://100.101.102.103/v1",
  "http://[fd00::10]:8080/v1",
  "http://ollama:11434/v1",
  "http://gpu.lan/v1",
  "https://box.tail1234.ts.net/v1",
  "https://some-words-here.trycloudflare.com/v1",
  "https://abc.ngrok-free.app/v1",
  "https://models.example.com:11434/v1",
])("%s is a machine of one’s own", (address) => {
  expect(isOwnBox(address)).toBe(true);
});

it.each([
  "https://api.openai.com/v1",
  "https://openrouter.ai/api/v1",
  "https://generativelanguage.googleapis.com/v1beta/openai",
  "https://my.openai.azure.com/openai/v1",
  "https://ts.net.example.com/v1",
  "http://8.8.8.8/v1",
])("%s is not", (address) => {
  expect(isOwnBox(address)).toBe(false);
});
