/** Text as HTML shows it. */
export const text = (value: string | null | undefined): string =>
  (value ?? "").replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);

/** Currencies whose smallest unit is the whole. */
const whole = /^(?:jpy|krw|vnd|clp|isk|xaf|xof|ugx)$/;

/** An amount as people read it. */
export function money(amount: number, currency: string): string {
  const value = whole.test(currency) ? amount : amount / 100;
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(value);
}

export const date = (seconds: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(seconds * 1_000);

const style = `
:root { color-scheme: light; font-family: system-ui, sans-serif; line-height: 1.5; color: #1a1f36 }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: #f6f8fa; display: flex; flex-direction: column }
main { display: grid; grid-template-columns: 1fr 1fr; flex: 1 }
main.one { display: block; max-width: 46rem; width: 100%; margin: 0 auto; padding: 2rem 1.5rem }
section { padding: 3.5rem max(1.5rem, 5vw) }
section.dark { background: #10243e; color: #e8eef6 }
h1 { font-size: 1rem; font-weight: 600; margin: 0 0 1.5rem }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem }
.total { font-size: 2.25rem; font-weight: 700; margin: 0 0 1.5rem }
dl { display: grid; grid-template-columns: 1fr auto; gap: .4rem 1rem; margin: 0 }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums }
.sum { font-weight: 600; border-top: 1px solid currentColor; padding-top: .4rem }
fieldset { border: 1px solid #c9d2dc; border-radius: .5rem; padding: 0; margin: 0 0 1.25rem; background: #fff }
label { display: flex; gap: .75rem; padding: .8rem 1rem; cursor: pointer; align-items: center }
label + label { border-top: 1px solid #e3e8ee }
label small { color: #566379; display: block }
button { font: inherit; font-weight: 600; border: 0; border-radius: .4rem; padding: .7rem 1.1rem; cursor: pointer; background: #4f46e5; color: #fff; width: 100% }
button.quiet { background: none; color: #3c4257; width: auto; padding: .3rem .6rem; border: 1px solid #c9d2dc }
:focus-visible { outline: 3px solid #93a5ff; outline-offset: 2px }
.card { background: #fff; border: 1px solid #e3e8ee; border-radius: .5rem; padding: 1rem 1.25rem; margin-bottom: .75rem }
.row { display: flex; gap: 1rem; align-items: center; justify-content: space-between; flex-wrap: wrap }
.wrong { background: #fdeceb; color: #8c1d18; border-radius: .4rem; padding: .7rem 1rem }
.note { color: #566379; font-size: .875rem }
.dark .note, .dark a { color: #b5c5d9 }
footer { padding: .8rem 1.5rem; font-size: .8rem; color: #566379; border-top: 1px solid #e3e8ee; background: #fff }
table { width: 100%; border-collapse: collapse } td, th { text-align: left; padding: .45rem .5rem; border-bottom: 1px solid #e3e8ee } td:last-child, th:last-child { text-align: right }
@media (max-width: 46rem) { main { grid-template-columns: 1fr } section { padding: 2rem 1.5rem } }
`;

/** A page of the stand-in, which says of itself what it is. */
export const frame = (title: string, main: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)}</title><style>${style}</style></head><body>${main}<footer>This page stands in for Stripe on this machine. No money moves, and no card is charged.</footer></body></html>`;
