import { memo, type ReactNode, useDeferredValue, useEffect, useId, useMemo, useRef } from "react";
import Markdown, { type Components } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import type { Citation } from "../../../workers/chat/contract.ts";
import { type Piece, type Split, splitMarkdown } from "../../../workers/markdown/pieces.ts";
import { asWritten, prepared } from "../../../workers/markdown/prepare.ts";
import { useHydrated } from "../../ui/use-hydrated.ts";
import { CitationChip } from "./citation-chip.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Formula } from "./formula.tsx";
import {
  answerSchema,
  answerSyntax,
  boundHighlighting,
  citationChips,
  citationsBeforeLinks,
  formulas,
  imagesToLinks,
} from "./markdown-plugins.ts";
import { useHighlighter } from "./use-highlighter.ts";

/** A half-arrived `[1` at the very end would flash as text before it becomes a chip. */
const unfinishedMarker = /\s?\[\d{0,3}$/;

interface AnswerMarkdownProps {
  text: string;
  citations: readonly Citation[];
  streaming: boolean;
}

function linkOf({ href, id, children }: { href?: string | undefined; id?: string | undefined; children?: ReactNode }) {
  if (!href) return <>{children}</>;
  if (href.startsWith("#"))
    return (
      <a href={href} id={id}>
        {children}
      </a>
    );
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {children}
    </a>
  );
}

function componentsFor(citations: readonly Citation[]): Components {
  const byIndex = new Map(citations.map((citation) => [citation.index, citation]));
  return {
    a: linkOf,
    pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
    table: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
      <section className="table-scroll" tabIndex={0} aria-label="Table">
        <table>{children}</table>
      </section>
    ),
    span: ({ node, children, className }) => {
      const source = node?.properties.dataFormula;
      return typeof source === "string" ? <Formula source={source} /> : <span className={className}>{children}</span>;
    },
    sup: ({ node, children }) => {
      const citation = byIndex.get(Number(node?.properties.dataCitation));
      return citation ? <CitationChip citation={citation} /> : <sup>{children}</sup>;
    },
  };
}

interface PieceProps {
  piece: Piece;
  citations: readonly Citation[];
  /** Whether code gets colours: not on the server, where others wait, and not while it is still being written. */
  highlighted: boolean;
}

/** Whether a citation that the piece cites came, went, or changed. */
function citesOthers({ text }: Piece, before: readonly Citation[], now: readonly Citation[]): boolean {
  const cited = (all: readonly Citation[]) => all.filter(({ index }) => text.includes(`[${index}]`));
  const [was, is] = [cited(before), cited(now)];
  return was.length !== is.length || is.some((citation, at) => citation !== was[at]);
}

/** A piece of an answer. Sanitising is the last step of the chain: nothing is added to the tree after it. */
export const AnswerPiece = memo(
  function AnswerPiece({ piece, citations, highlighted }: PieceProps) {
    const place = useId();
    const highlighter = useHighlighter(piece.text, highlighted && piece.kind === "markdown");
    if (piece.kind === "plain")
      return <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{asWritten(piece.text).trim()}</p>;
    const known = new Set(citations.map(({ index }) => index));
    const colours = highlighter ? [boundHighlighting, highlighter] : [];
    return (
      <Markdown
        remarkPlugins={[answerSyntax, citationsBeforeLinks(known)]}
        remarkRehypeOptions={{ clobberPrefix: `note-${place}-` }}
        rehypePlugins={[formulas(), citationChips(known), imagesToLinks, ...colours, [rehypeSanitize, answerSchema]]}
        components={componentsFor(citations)}
      >
        {piece.definitions + piece.text}
      </Markdown>
    );
  },
  (before, now) =>
    before.piece.text === now.piece.text &&
    before.piece.kind === now.piece.kind &&
    before.piece.definitions === now.piece.definitions &&
    before.highlighted === now.highlighted &&
    (before.citations === now.citations || !citesOthers(now.piece, before.citations, now.citations)),
);

/** The text in pieces; what is settled of it is not looked at again while it grows. */
function usePieces(text: string): readonly Piece[] {
  const last = useRef<Split>(undefined);
  const split = useMemo(() => splitMarkdown(text, last.current), [text]);
  useEffect(() => {
    last.current = split;
  }, [split]);
  return split.pieces;
}

/** An answer's markdown as elements. */
export default function AnswerMarkdown({ text, citations, streaming }: AnswerMarkdownProps) {
  const isHydrated = useHydrated();
  // While it streams, typing and scrolling come before showing the newest words.
  const shown = useDeferredValue(streaming ? text.replace(unfinishedMarker, "") : text);
  const pieces = usePieces(useMemo(() => prepared(shown, streaming), [shown, streaming]));
  return (
    <div className="markdown" data-streaming={streaming || undefined}>
      {pieces.map((piece, at) => (
        <AnswerPiece
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
          key={at}
          piece={piece}
          citations={citations}
          highlighted={isHydrated && !(streaming && at === pieces.length - 1)}
        />
      ))}
    </div>
  );
}
