import { useEffect, useState } from "react";

/** What is being written, kept for this tab: a reload or a look elsewhere loses no half-written question. */
export function useDraft(place: string): [string, (text: string) => void] {
  const key = `understudy:draft:${place}`;
  const [text, setText] = useState("");
  useEffect(() => setText(sessionStorage.getItem(key) ?? ""), [key]);
  const write = (next: string) => {
    setText(next);
    if (next) sessionStorage.setItem(key, next);
    else sessionStorage.removeItem(key);
  };
  return [text, write];
}
