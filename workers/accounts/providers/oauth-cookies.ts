/** The cookie that holds `two_factor_token` after a provider was right and a code is missing; in production with `__Host-`. */
export const codeCookie = "understudy_code";

/** The cookie that holds `agreement_token`, after a provider was right and there is no account yet. */
export const agreementCookie = "understudy_agreement";
