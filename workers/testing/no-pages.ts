/** Stands for the built web app where tests run the Worker without it; `npm test` drives the real pages in Chromium. */
export const routes = {};
