import type { CookieOptions } from "hono/utils/cookie";
import type { Config } from "../platform/config/config.ts";
import { workspaceCookie } from "../platform/http/credential.ts";
import { cookieName } from "../platform/http/security-headers.ts";

const yearSeconds = 365 * 24 * 60 * 60;

/** The cookie by which the app shows a workspace: its name, its value and its attributes. */
export function chosenCookie(config: Config, workspaceId: string): [string, string, CookieOptions] {
  return [
    cookieName(config, workspaceCookie),
    workspaceId,
    {
      httpOnly: true,
      sameSite: "Lax",
      secure: config.ENVIRONMENT === "production",
      path: "/",
      maxAge: yearSeconds,
    },
  ];
}
