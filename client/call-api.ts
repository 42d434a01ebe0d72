import { ApiError, readProblem } from "./api-problem.ts";

interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  json?: unknown;
  /** A YAML document. */
  yaml?: string;
  /** Sent as the field `file` of a form. */
  file?: File;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls the API from the browser, as whoever its cookies say. Throws `ApiError` for a refusal, and what the network throws. */
export async function callApi(
  path: string,
  { method = "GET", json, yaml, file, headers, signal }: CallOptions = {},
): Promise<Response> {
  const form = new FormData();
  if (file) form.set("file", file);
  const text = yaml ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = yaml === undefined ? "application/json" : "application/yaml";
  const body = file ? form : text;
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { ...(text === undefined ? {} : { "Content-Type": type }), ...headers },
    ...(body === undefined ? {} : { body }),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new ApiError(await readProblem(response));
  return response;
}

/** Calls the API and reads its answer as JSON, of the shape that the contract gives. */
export async function readApi<T>(path: string, options?: CallOptions): Promise<T> {
  return (await (await callApi(path, options)).json()) as T;
}
