// Loaded when an authenticator says something, and as one: in pieces, what it needs first (reflect-metadata) would come too late.
export { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
export { decodeAttestationObject, isoBase64URL } from "@simplewebauthn/server/helpers";
