import temml from "temml";
import "temml/dist/Temml-Local.css";

/** More parts than these, or parts within parts, are no formula that anybody reads. */
const most = { parts: 3_000, depth: 60 };

function measure(element: Element, depth = 0): { parts: number; depth: number } {
  const all = { parts: 1, depth };
  for (const child of element.children) {
    const inner = measure(child, depth + 1);
    all.parts += inner.parts;
    all.depth = Math.max(all.depth, inner.depth);
  }
  return all;
}

/** Sets a formula as MathML; null where it is none that can be set. Nothing in it links, loads or runs. */
export function typesetFormula(latex: string, display: boolean): DocumentFragment | null {
  const place = document.createElement("span");
  try {
    temml.render(latex, place, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      maxSize: [20, 20],
      maxExpand: 200,
    });
  } catch {
    // What is not LaTeX stands as it was written.
    return null;
  }
  const { parts, depth } = measure(place);
  if (parts > most.parts || depth > most.depth) return null;
  const made = document.createDocumentFragment();
  made.append(...place.childNodes);
  return made;
}
