import { expect, it } from "vitest";
import { base32, codeOf, otpauthUrl, stepAt } from "./totp.ts";

it("makes the codes of RFC 4226 and RFC 6238", () => {
  const secret = "12345678901234567890";
  expect(Array.from({ length: 10 }, (_, step) => codeOf(secret, step))).toEqual(
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" "),
  );
  const at = ["1970-01-01T00:00:59Z", "2005-03-18T01:58:29Z", "2033-05-18T03:33:20Z", "2603-10-11T11:33:20Z"];
  expect(at.map((time) => codeOf(secret, stepAt(Date.parse(time))))).toEqual(["287082", "081804", "279037", "353130"]);
});

it("shows secrets as authenticator apps have always got them", () => {
  expect(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(base32)).toEqual([
    "",
    "MY",
    "MZXQ",
    "MZXW6",
    "MZXW6YQ",
    "MZXW6YTB",
    "MZXW6YTBOI",
  ]);
  expect(otpauthUrl("abcdefghij-_KLMNOPQR", "Understudy", "ada+x@exämple.com")).toBe(
    "otpauth://totp/Understudy:ada%2Bx%40ex%C3%A4mple.com?secret=MFRGGZDFMZTWQ2LKFVPUWTCNJZHVAUKS&issuer=Understudy&digits=6&period=30",
  );
});
