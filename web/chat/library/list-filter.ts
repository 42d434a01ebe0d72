/** Which of one's conversations the list shows; it lives in the page's address, so that a reload and a link keep it. */
export interface ListFilter {
  folder: string | null;
  tag: string | null;
  archived: boolean;
}

export function filterOf(search: URLSearchParams): ListFilter {
  return { folder: search.get("folder"), tag: search.get("tag"), archived: search.get("archived") === "true" };
}

/** The filter as a part of an address, with its “?”; empty where everything is shown. */
export function searchOf(filter: ListFilter): string {
  const search = new URLSearchParams(queryOf(filter)).toString();
  return search && `?${search}`;
}

/** The filter as the API takes it. */
export function queryOf({ folder, tag, archived }: ListFilter): { folder?: string; tag?: string; archived?: "true" } {
  return {
    ...(folder === null ? {} : { folder }),
    ...(tag === null ? {} : { tag }),
    ...(archived ? { archived: "true" } : {}),
  };
}

/** What is shown, for a heading. */
export function nameOf({ folder, tag, archived }: ListFilter): string {
  return folder ?? (tag === null ? (archived ? "Archived" : "All conversations") : `#${tag}`);
}
