import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** When to give up waiting for anything, in ms: no journey is about how long things take, and a busy machine may take long. */
export const patienceMs = 180_000;

/** Waits until `look` finds what it looks for; the page tells of nothing that could be awaited instead. */
export async function eventually<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Nothing may stick out sideways. */
export async function expectNoOverflow(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the screen`);
}

/** The cited passage is marked and in view, on the page that the citation named. */
export async function expectCitedPassage(page: Page, passage: RegExp, pageNumber: number): Promise<void> {
  const mark = page.locator("mark[data-cited]").first();
  await mark.waitFor();
  assert.match((await page.locator("mark[data-cited]").allInnerTexts()).join(" "), passage);
  const sheet = await mark.evaluate((element) => element.closest("section")?.id);
  assert.equal(sheet, `page-${pageNumber}`);
  await eventually("the cited passage is in view", () =>
    mark.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > 0 && top < window.innerHeight;
    }),
  );
}
