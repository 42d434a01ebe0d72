/** What opens the door of the stand-in for Ollama below `/gated`, as a service token of Cloudflare Access. */
export const accessToken = { id: "box.access", secret: "the-secret-of-the-token" };
