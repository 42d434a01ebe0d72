import { attention } from "micromark-core-commonmark";
import { gfm } from "micromark-extension-gfm";
import { withoutHtml } from "./without-html.ts";

type Extension = ReturnType<typeof gfm>;
type Construct = typeof attention;
type Code = Parameters<NonNullable<ReturnType<Construct["tokenize"]>>>[0];

const charOf = (code: Code) => (code === null || code < 0 ? "\n" : String.fromCharCode(code));
/**
 * Letters and signs of scripts that put no space between words: `**（…）**` ends in the middle of a run of them. Codes are halves of pairs
 * beyond the first plane, where only such letters and pictures are.
 */
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3001-\u303f\ufe30-\ufe4f\uff00-\uffef\ud800-\udfff]/u;

/** What stands at one side of `**`. */
function sideOf(code: Code) {
  const char = charOf(code);
  const isSpace = /\s/u.test(char);
  return { isSpace, isSign: !isSpace && /[\p{P}\p{S}]/u.test(char), isUnspaced: unspaced.test(char) };
}
type Side = ReturnType<typeof sideOf>;

/** Whether signs of emphasis may stand so before (`near`) what they emphasise: CommonMark's rule, but that no space is asked for where there is none. */
const leans = (near: Side, far: Side) =>
  !near.isSpace && (!near.isSign || near.isUnspaced || far.isSpace || far.isSign || far.isUnspaced);
/** `_` within a word is none, but at brackets of a script without spaces. */
const mayBeWithin = (near: Side, far: Side) => far.isSign || (near.isSign && far.isUnspaced);

/** Emphasis whose signs stand beside letters of scripts without spaces too. */
function emphasis(construct: Construct): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const before = sideOf(this.previous);
      let isUnderscore = false;
      const start = construct.tokenize.call(
        this,
        effects,
        (code) => {
          const token = this.events.at(-1)?.[1];
          const after = sideOf(code);
          const [opens, closes] = [leans(after, before), leans(before, after)];
          if (token) {
            token._open = opens && (!isUnderscore || !closes || mayBeWithin(after, before));
            token._close = closes && (!isUnderscore || !opens || mayBeWithin(before, after));
          }
          return ok(code);
        },
        nok,
      );
      return (code) => {
        isUnderscore = charOf(code) === "_";
        return start(code);
      };
    },
  };
}

/** Addresses that begin behind letters of scripts without spaces. */
function address(construct: Construct): Construct {
  const { previous } = construct;
  return {
    ...construct,
    previous(code) {
      return unspaced.test(charOf(code)) || (previous?.call(this, code) ?? true);
    },
    tokenize(...states) {
      // It looks again at what stands before it.
      const self = unspaced.test(charOf(this.previous)) ? Object.create(this, { previous: { value: null } }) : this;
      return construct.tokenize.apply(self, states);
    },
  };
}

function adapted(name: string | undefined, construct: Construct): Construct {
  if (name === "strikethrough") return emphasis(construct);
  return name === "wwwAutolink" ? address(construct) : construct;
}

/** GitHub's Markdown, in which one tilde is a tilde. */
function gfmSyntax(): Extension {
  const extension = gfm({ singleTilde: false });
  const text = Object.entries(extension.text ?? {}).map(([code, constructs]) => [
    code,
    [constructs ?? []].flat().map((each) => adapted(each.name, each)),
  ]);
  return { ...extension, text: Object.fromEntries(text) };
}

/** For micromark: what Markdown is here, on pages and on paper alike, of a text that is `prepared`. */
export const markdownSyntax: Extension[] = [
  gfmSyntax(),
  { text: { 42: emphasis(attention), 95: emphasis(attention) } },
  withoutHtml,
];
