/** What is used of `samlp`, which has no types. */
declare module "samlp" {
  type Done<T> = (error: Error | null, value?: T) => void;
  const samlp: {
    getSamlResponse(options: object, user: object, done: Done<string>): void;
    parseRequest(request: object, done: Done<{ assertionConsumerServiceURL?: string }>): void;
    auth(options: object): (request: object, response: object, next: (error: unknown) => void) => void;
    metadata(options: object): (request: object, response: object) => void;
  };
  export default samlp;
}
