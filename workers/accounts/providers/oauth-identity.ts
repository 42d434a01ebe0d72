/** Who a provider says that somebody is. */
export interface Identity {
  /** Unique at the provider's authority, and never given to another person. */
  subject: string;
  email: string | undefined;
  emailVerified: boolean;
  name: string | undefined;
}
