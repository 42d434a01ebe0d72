/** The cookie of the browser that began a sign-in by a provider; in production with `__Host-`, as all of these. */
export const browserCookie = "understudy_oauth";

/** The cookie that holds `two_factor_token` after a provider was right and a code is missing. */
export const codeCookie = "understudy_code";

/** The cookie that holds `agreement_token`, after a provider was right and there is no account yet. */
export const agreementCookie = "understudy_agreement";
