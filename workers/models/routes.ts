import { Hono } from "hono";
import type { RuntimeEnv } from "../platform/http.ts";

export const modelRoutes = new Hono<RuntimeEnv>();
