/** Tags as people write them: separated by commas, each once, with or without “#”. */
export const tagsOf = (text: string) => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim().replace(/^#+/, ""))
      .filter(Boolean),
  ),
];
