export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** The theme that a browser's Cookie header asks for; without one the system decides. */
export function themeFromCookie(cookie: string | null): Theme {
  const value = cookie?.match(/(?:^|;\s*)theme=([a-z]+)/)?.[1];
  return isTheme(value) ? value : "system";
}

/** The Set-Cookie that remembers a theme for a year. */
export function themeCookie(theme: Theme): string {
  return `theme=${theme}; Path=/; Max-Age=${theme === "system" ? 0 : 365 * 24 * 60 * 60}; SameSite=Lax`;
}
