import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/**
 * Waits until `look` finds what it looks for, at most ten seconds; the page tells of nothing that could be awaited instead. Where much is
 * done meanwhile, `seconds` only says when to give up.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  seconds = 10,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
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
