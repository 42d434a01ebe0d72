/** For micromark: HTML in a text is the characters that it is written with, and hides nothing of what is Markdown in it. */
export const withoutHtml = { disable: { null: ["htmlFlow", "htmlText"] } };
