interface SocialCard {
  title: string;
  description: string;
  /** Where the site is, with its scheme: cards need whole addresses. */
  origin: string | undefined;
}

/** What a link to a public page looks like where people share it. */
export function socialCard({ title, description, origin }: SocialCard) {
  return [
    { title },
    { name: "description", content: description },
    { property: "og:title", content: title },
    { property: "og:description", content: description },
    { property: "og:type", content: "website" },
    { property: "og:image", content: `${origin ?? ""}/og.png` },
    { name: "twitter:card", content: "summary_large_image" },
  ];
}
