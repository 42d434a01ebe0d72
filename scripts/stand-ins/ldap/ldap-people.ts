/** What the directory of the tests holds. */
export const ldapBase = "dc=example,dc=org";

/** Who may search it. */
export const ldapSearch = { dn: `cn=search,${ldapBase}`, password: "stand-in-search-password" };

export const ldapGroup = `cn=staff,ou=groups,${ldapBase}`;

/** Everybody's password there. */
export const ldapPassword = "pass phrase of the directory";

/** As Active Directory makes them: bytes, which are no text. */
export const ldapGuid = Buffer.from("00ffc328a0b1c2d3e4f5061728394a5b", "hex");

type Attributes = Record<string, string | string[] | Buffer>;

const person = (uid: string, cn: string, more: Attributes = {}): [string, Attributes] => [
  `cn=${cn},ou=people,${ldapBase}`,
  {
    objectClass: ["inetOrgPerson", "extensibleObject"],
    uid,
    cn,
    sn: cn.split(" ").at(-1) ?? cn,
    userPassword: ldapPassword,
    ...more,
  },
];

export const ldapEntries: [string, Attributes][] = [
  [ldapBase, { objectClass: ["dcObject", "organization"], dc: "example", o: "Example" }],
  ...["people", "groups", "open"].map((ou): [string, Attributes] => [
    `ou=${ou},${ldapBase}`,
    { objectClass: "organizationalUnit", ou },
  ]),
  [
    ldapSearch.dn,
    { objectClass: ["applicationProcess", "simpleSecurityObject"], cn: "search", userPassword: ldapSearch.password },
  ],
  person("ada", "Ada Lovelace", {
    mail: "Ada@Example.com",
    displayName: "Countess Ada",
    sAMAccountName: "adal",
    objectGUID: ldapGuid,
  }),
  person("ben", "Ben", { mail: "ben@example.com" }),
  person("zoë", "Zoë Ünal", { mail: "zoe@example.com" }),
  person("st*r", "Star (with) parens", { mail: ["star@example.com", "star.two@example.com"] }),
  person("admin", "Admin", { mail: "admin@example.com" }),
  person("nomail", "Without mail"),
  person("twin.one", "First twin", { mail: "twins@example.com" }),
  person("twin.two", "Second twin", { mail: "twins@example.com" }),
  // Whoever searches below is sent to another server for it.
  [
    `cn=elsewhere,ou=people,${ldapBase}`,
    { objectClass: ["referral", "extensibleObject"], cn: "elsewhere", ref: "ldap://127.0.0.1:1/dc=elsewhere" },
  ],
  [`cn=Open,ou=open,${ldapBase}`, person("open", "Open", { mail: "open@example.com" })[1]],
  [ldapGroup, { objectClass: "groupOfNames", cn: "staff", member: `cn=Ada Lovelace,ou=people,${ldapBase}` }],
];
