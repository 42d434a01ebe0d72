const names = (text: string) => new Set(text.split(" "));

/** Not part of what a page says: code, chrome, embedded things, and how words are pronounced. */
const skipped = names("script style noscript svg iframe object canvas nav head dialog rt rp rtc audio video");
export const breaking = names(
  "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html label legend li main meter ol optgroup output p pre progress section select summary table tbody td textarea tfoot th thead tr ul",
);

/** Elements that are parts of a table by their roles. */
const tableRoles = new Map([
  ["table", "table"],
  ["grid", "table"],
  ["treegrid", "table"],
  ["row", "tr"],
  ["cell", "td"],
  ["gridcell", "td"],
  ["columnheader", "th"],
  ["rowheader", "th"],
]);
const bare = names("div span section ul ol li p a");
const inline = names("span font small b i em strong");

/** The element that something is to who looks at the page: by its role a part of a table, by its style above or below the line. */
export function shownAs(name: string, { role = "", style = "" }: Record<string, string>): string {
  const part = bare.has(name) ? tableRoles.get(role) : undefined;
  const [, shift] = (inline.has(name) && /vertical-align\s*:\s*(super|sub)\b/i.exec(style)) || [];
  return part ?? (shift ? shift.toLowerCase().replace("super", "sup") : name);
}

/** What of a page is passed over and may say something all the same. */
export const framing = new Map([
  ["footer", "Footer"],
  ["dialog", "Dialog"],
  ["svg", "Drawing"],
]);

const chromeRoles = /^(?:navigation|banner|contentinfo|search|menu|menubar|toolbar|dialog|alertdialog)$/;
/** What a page's own footer is not: that of a part of it. */
const parts = names("blockquote article figure aside details td li");
/** Classes and roles of what a person opens by a click. */
const opened = /accordion|collaps|\btab|panel|faq|answer|toggle|expand|disclosure|spoiler|mathml/i;

/** Why a page's element is passed over. */
export type Skip = "chrome" | "hidden" | null;

interface Place {
  /** Elements that are open, outermost first. */
  open: readonly string[];
  /** Ids of what something on the page opens. */
  controlled: ReadonlySet<string>;
  /** Whether the last that was said is a button. */
  isBelowButton: boolean;
}

function isHidden(attributes: Record<string, string>): boolean {
  const style = attributes.style ?? "";
  return (
    "hidden" in attributes ||
    attributes["aria-hidden"] === "true" ||
    /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)
  );
}

/** Whether something that is hidden is shown once somebody clicks. */
function canBeOpened(attributes: Record<string, string>, { controlled, isBelowButton }: Place): boolean {
  const { id, class: classes = "", role = "", "data-role": data = "" } = attributes;
  return (
    isBelowButton ||
    (id !== undefined && controlled.has(id)) ||
    attributes.hidden === "until-found" ||
    "aria-labelledby" in attributes ||
    opened.test(`${classes} ${role} ${data}`)
  );
}

/** Whether an element, with all that is in it, is passed over, and why. */
export function skipOf(name: string, attributes: Record<string, string>, place: Place): Skip {
  if (skipped.has(name) || chromeRoles.test(attributes.role ?? "")) return "chrome";
  if (name === "template" && !("shadowrootmode" in attributes)) return "chrome";
  if (name === "footer" && !place.open.some((outer) => parts.has(outer))) return "chrome";
  if (name === "form" && /search|login|signin/i.test(`${attributes.action} ${attributes.id} ${attributes.class}`))
    return "chrome";
  return isHidden(attributes) && !canBeOpened(attributes, place) ? "hidden" : null;
}

/** What an element says that it opens: the ids of others. */
export function controlledBy(attributes: Record<string, string>): string[] {
  const {
    href = "",
    "aria-controls": controls = "",
    "data-target": target = "",
    "data-bs-target": bootstrap = "",
  } = attributes;
  const links = [href, target, bootstrap].filter((link) => link.startsWith("#")).map((link) => link.slice(1));
  return [...controls.split(/\s+/), ...links, attributes.popovertarget ?? ""].filter((id) => id !== "");
}

/** Whether a button is part of what a page says, such as a question whose answer it opens, and not something to do. */
export function isSaid(text: string, attributes: Record<string, string>): boolean {
  const opens = ["aria-controls", "aria-expanded", "data-target", "data-bs-target", "popovertarget"].some(
    (name) => name in attributes,
  );
  return (
    opens ||
    attributes.role === "tab" ||
    /[?？]$/.test(text) ||
    opened.test(attributes.class ?? "") ||
    text.split(/\s+/).length > 4
  );
}

/** What a field of a form holds or asks for; empty for what is a button, a secret, or not shown. */
export function fieldText(attributes: Record<string, string>): string {
  const { type = "text", value = "", placeholder = "" } = attributes;
  const kind = type.toLowerCase();
  if (kind === "checkbox" || kind === "radio") return "checked" in attributes ? "[x] " : "[ ] ";
  if (/^(?:hidden|submit|button|reset|image|password|search|file|color)$/.test(kind)) return "";
  return value.trim() || placeholder.trim();
}

/** What a picture shows, in words; empty where it says nothing, as names of files and of decoration do not. */
export function altText({ alt = "", width, height }: Record<string, string>): string {
  const text = alt.replace(/\s+/g, " ").trim();
  const isDot = [width, height].some((side) => side !== undefined && Number.parseInt(side, 10) <= 2);
  if (isDot || /^\S+\.(?:jpe?g|png|gif|svg|webp|bmp)$/i.test(text)) return "";
  return /^(?:(?:image|picture|photo|logo|icon|spacer|avatar|img|bild|foto)\d*)?$/i.test(text) ? "" : text;
}

const ways: Record<string, string> = { a: "lowerLetter", A: "upperLetter", i: "lowerRoman", I: "upperRoman" };

/** A list while it is read: how its next item is marked. */
export interface PageList {
  way: string | null;
  next: number;
  step: number;
}

export function listOf(name: string, { start, type = "1", reversed }: Record<string, string>): PageList {
  const first = Number.parseInt(start ?? "", 10);
  // Backwards from a number that is only known at its end.
  const isUnknown = reversed !== undefined && Number.isNaN(first);
  const way = name !== "ol" || isUnknown ? null : (ways[type] ?? "decimal");
  return { way, next: Number.isNaN(first) ? 1 : first, step: reversed === undefined ? 1 : -1 };
}
