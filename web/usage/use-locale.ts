import { useHydrated } from "../ui/use-hydrated.ts";

/** The reader's locale for numbers and days. The server does not know it, so that the page comes in English. */
export const useLocale = () => (useHydrated() ? navigator.language : "en");
