type Field = HTMLInputElement | HTMLTextAreaElement;

const buttonKeys = ["Enter", " ", "ArrowDown"];
const signs = ["pointerover", "pointerdown", "touchstart", "wheel", "focusin", "keydown", "input", "click", "submit"];

const buttonOf = ({ target }: Event) => (target instanceof Element ? target.closest("button") : null);
const fieldOf = ({ target }: Event): Field | null =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement ? target : null;

/** Puts what was written into a field before there was a handler, so that its handler hears of it now. */
function rewrite(field: Field, text: string): void {
  const { selectionStart, selectionEnd } = field;
  // React tells a change by the last value that was set through the element itself: first none, then the text behind its back.
  field.value = "";
  const { prototype } = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, text);
  field.setSelectionRange(selectionStart, selectionEnd);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** An event as it came, to be dispatched once more. */
const copyOf = (event: Event) => new (event.constructor as typeof Event)(event.type, event);

/** Whether an event does something only by a handler of the page's: links lead, and fields are written in, without any. */
function needsHandler(event: Event): boolean {
  if (event.type === "keydown" && event instanceof KeyboardEvent) {
    if (event.target instanceof HTMLTextAreaElement)
      return event.key === "Enter" && !event.shiftKey && !event.isComposing;
    return buttonOf(event) !== null && buttonKeys.includes(event.key);
  }
  return ["pointerdown", "click"].includes(event.type) && buttonOf(event) !== null;
}

/**
 * Stands in for the page's handlers while they are on their way: keeps what people do, to do it once the handlers are there. `touched`
 * is called at the first sign of somebody. Returns what gives it all back, in its order, and ends this.
 */
export function holdInput(touched: () => void): () => Promise<void> {
  const held: { event: Event; target: EventTarget }[] = [];
  const written = new Map<Field, string>();
  const hold = (event: Event) => {
    touched();
    const field = event.type === "input" ? fieldOf(event) : null;
    if (field) written.set(field, field.value);
    if (!event.target || (event.type !== "submit" && !needsHandler(event))) return;
    // A button's own key makes a click, which is held in its turn.
    if (event.type !== "keydown" || event.target instanceof HTMLTextAreaElement) event.preventDefault();
    if (event.type === "pointerdown") buttonOf(event)?.focus();
    if (event.type !== "submit") held.push({ event, target: event.target });
  };
  const listening = { capture: true, passive: false };
  for (const sign of signs) addEventListener(sign, hold, listening);
  return async () => {
    for (const sign of signs) removeEventListener(sign, hold, listening);
    for (const [field, text] of written) rewrite(field, text);
    for (const { event, target } of held) {
      // What came before is shown by then.
      await Promise.resolve();
      target.dispatchEvent(copyOf(event));
    }
  };
}
