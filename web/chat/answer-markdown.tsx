import { type ReactNode, useDeferredValue, useMemo } from "react";
import Markdown, { type Components } from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import type { Citation } from "../../workers/chat/contract.ts";
import { CitationChip } from "./citation-chip.tsx";
import { CodeBlock } from "./code-block.tsx";
import { answerSchema, citationChips, htmlAsText, imagesToLinks } from "./markdown-plugins.ts";

/** A half-arrived `[1` at the very end would flash as text before it becomes a chip. */
const unfinishedMarker = /\s?\[\d{0,3}$/;

interface AnswerMarkdownProps {
  text: string;
  citations: readonly Citation[];
  streaming: boolean;
}

function linkOf({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  if (!href) return <>{children}</>;
  if (href.startsWith("#")) return <a href={href}>{children}</a>;
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
    sup: ({ node, children }) => {
      const citation = byIndex.get(Number(node?.properties.dataCitation));
      return citation ? <CitationChip citation={citation} /> : <sup>{children}</sup>;
    },
  };
}

/** An answer's markdown as elements. Sanitising is the last step of the chain: nothing is added to the tree after it. */
export default function AnswerMarkdown({ text, citations, streaming }: AnswerMarkdownProps) {
  // While it streams, typing and scrolling come before showing the newest words.
  const shown = useDeferredValue(streaming ? text.replace(unfinishedMarker, "") : text);
  const components = useMemo(() => componentsFor(citations), [citations]);
  return useMemo(() => {
    const known = new Set(citations.map(({ index }) => index));
    return (
      <div className="markdown" data-streaming={streaming || undefined}>
        <Markdown
          remarkPlugins={[remarkGfm]}
          rehypePlugins={[
            htmlAsText,
            citationChips(known),
            imagesToLinks,
            rehypeHighlight,
            [rehypeSanitize, answerSchema],
          ]}
          components={components}
        >
          {shown}
        </Markdown>
      </div>
    );
  }, [shown, streaming, citations, components]);
}
