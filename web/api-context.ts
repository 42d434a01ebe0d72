import { createContext } from "react-router";

/** Calls the API in-process. The Worker's entry fills it for every page request. */
export const apiFetch = createContext<(request: Request) => Promise<Response>>();
