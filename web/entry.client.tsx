import { holdInput } from "./early-input.ts";

const fetchAndHydrate = async () => (await import("./hydrate.tsx")).hydrate();

/** Whether this tab has something to bring back to the page, such as a conversation that was begun here. */
const hasMemory = () => Object.keys(sessionStorage).some((key) => key.startsWith("understudy:"));

/** Reads and leads on as it is, until somebody is there to do more: what handles that is most of the page's weight. */
async function waitForSomebody(): Promise<void> {
  const touched = Promise.withResolvers<void>();
  const giveBack = holdInput(touched.resolve);
  document.documentElement.dataset.ready = "true";
  await touched.promise;
  await fetchAndHydrate();
  await giveBack();
}

// What is live changes by itself.
const isQuiet = document.querySelector("html[data-waits]") && !document.querySelector("[data-live]");
if (isQuiet && !hasMemory()) void waitForSomebody();
else void fetchAndHydrate();
