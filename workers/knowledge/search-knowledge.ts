import type { Context } from "../workspaces/context.ts";

export interface FoundPassage {
  documentId: string;
  filename: string;
  page: number | null;
  section: string | null;
  text: string;
  score: number;
  start: number;
  end: number;
}

export async function searchKnowledge(
  _ctx: Context,
  _input: {
    workspaceId: string;
    cloneId: string;
    query: string;
    topK: number;
    mode: string;
    filter?: { documentIds?: string[] };
  },
): Promise<FoundPassage[]> {
  return [];
}
