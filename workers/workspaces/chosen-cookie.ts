import { cookieLine } from "../accounts/cookies.ts";
import type { Config } from "../platform/config/config.ts";
import { workspaceCookie } from "../platform/http/credential.ts";

const yearSeconds = 365 * 24 * 60 * 60;

/** The line that sets the cookie by which the app shows a workspace. */
export const chosenCookie = (config: Config, workspaceId: string): string =>
  cookieLine(config, workspaceCookie, workspaceId, yearSeconds);
