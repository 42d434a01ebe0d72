/** When `npm start` began: the script that installs says so, which may have been another process. */
const began = Number(process.env.START_BEGAN ?? performance.timeOrigin);

/** Says what the start is doing, with the seconds since it began. */
export function step(doing: string): void {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${doing}`);
}
