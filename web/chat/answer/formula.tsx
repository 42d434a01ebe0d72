import { useEffect, useLayoutEffect, useReducer, useRef } from "react";
import { formulaOf } from "../../../workers/markdown/formulas.ts";

type Typeset = typeof import("./typeset-formula.ts")["typesetFormula"];
let typeset: Typeset | null = null;

/** A formula that is set by the browser, once what sets formulas is there; until then, and where it cannot be set, as it was written. */
export function Formula({ source }: { source: string }) {
  const [, showAgain] = useReducer((count: number) => count + 1, 0);
  const place = useRef<HTMLSpanElement>(null);
  const formula = formulaOf(source);
  useEffect(() => {
    if (typeset) return;
    let isShown = true;
    import("./typeset-formula.ts").then(
      ({ typesetFormula }) => {
        typeset = typesetFormula;
        if (isShown) showAgain();
      },
      () => {},
    );
    return () => {
      isShown = false;
    };
  }, []);
  const set = typeset;
  useLayoutEffect(() => {
    if (set && formula) place.current?.replaceChildren(set(formula.latex, formula.display) ?? source);
  });
  const look = { className: "formula", dir: "ltr", "data-display": formula?.display || undefined };
  // React knows nothing of what is in the one that is set.
  return set ? <span key="set" ref={place} {...look} /> : <span {...look}>{source}</span>;
}
