const leaning =
  /\b(it|its|that|this|these|those|they|them|their|he|she|him|her|his|there|then|one|ones|more|else|why|how so)\b/i;
const connecting = /^(and|but|or|so|also|what about|how about|why|when|where|who|which one|und|aber|et|mais|y|pero)\b/i;

/**
 * What to search for. A short or leaning follow-up (“And why?”, “Who wrote it?”) says too little alone, so it takes the question
 * before it along; a question that stands by itself is searched as it is.
 */
export function retrievalQuery(question: string, previousQuestion: string | undefined): string {
  if (!previousQuestion) return question;
  const words = question.split(/\s+/).filter(Boolean).length;
  const leans = words <= 3 || (words <= 12 && (leaning.test(question) || connecting.test(question)));
  return leans ? `${question}\n${previousQuestion.slice(0, 500)}` : question;
}

/** Whether the question can be searched without knowing what was asked before. */
export function standsAlone(question: string): boolean {
  return retrievalQuery(question, " ") === question;
}
