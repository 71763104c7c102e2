import { z } from 'zod';
import { absolutePathSchema } from '../storage/config.ts';
import { mrisEnvironments, mrisUrls } from './mris/environments.ts';

/** Addresses of OMAR-Online by environment (submission specification, 2; status specification, 2.1). */
const omarUrls = {
  production: 'https://omar-online.caiso.com',
  staging: 'https://omar-onlinestage.caiso.com',
  test: 'https://omar-onlinetest.caiso.com',
  simulator: undefined,
} as const;

const certificateSchema = z.union(
  [
    z.strictObject({ certificateFile: absolutePathSchema, keyFile: absolutePathSchema }),
    z.strictObject({ pkcs12File: absolutePathSchema, passphraseFile: absolutePathSchema }),
  ],
  { error: 'certificateFile and keyFile (PEM), or pkcs12File and passphraseFile' },
);

/** What every account has. */
const account = {
  /** As postings and the resource table name it: 1 to 32 of `a-z 0-9 . _ -`. */
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?$/, '1 to 32 of a-z, 0-9, dot, dash and underscore'),
  /** The scheduling coordinator that the certificate is for. What MRI-S holds for another was not sent by the account. */
  scId: z.string().min(1).max(32),
  /**
   * The resources that it holds: ids, or beginnings followed by `*`. Nothing else is mapped to it or named in what is
   * sent by it. Whatever is mapped to it or posted for it, when left out.
   */
  resources: z
    .array(z.string().regex(/^[A-Z0-9_-]{1,32}\*?$/, 'a resource id, or the beginning of some and *'))
    .min(1)
    .optional(),
  /** In place of the environment's own address; needed for a simulator. */
  url: z.url({ protocol: /^https$/, error: 'an address that begins with https://' }).optional(),
  certificate: certificateSchema,
  /** Authority that the ISO's own certificate must come from (PEM); the roots that Node trusts when left out. */
  authorityFile: absolutePathSchema.optional(),
};

const omarAccountSchema = z.strictObject({
  ...account,
  way: z.literal('omar'),
  environment: z.enum(['production', 'staging', 'test', 'simulator']),
  /** How the session cookie is given back: as browsers do, or with `$Version` after RFC 2109. */
  cookieStyle: z.enum(['plain', 'rfc2109']).default('plain'),
});

const mrisAccountSchema = z.strictObject({
  ...account,
  way: z.literal('mris'),
  environment: z.enum(mrisEnvironments),
  /** How documents travel: as parts of their own, or inside the message (the services named DocAttach). */
  attachments: z.enum(['plain', 'doc-attach']).default('plain'),
  /** The hash of the signatures. The ISO is known to take SHA-1. */
  signatureHash: z.enum(['sha1', 'sha256']).default('sha1'),
  /** Names, order and codes of the messages, in place of the mapping that is shipped. */
  mappingFile: absolutePathSchema.optional(),
  /** The user's name in the messages, in place of the one that follows from the certificate's subject. */
  username: z.string().min(1).max(1_000).optional(),
});

const accountSchema = z
  .discriminatedUnion('way', [omarAccountSchema, mrisAccountSchema])
  .refine((each) => findIsoUrl(each) !== undefined, { path: ['url'], error: 'the address of the simulator' });

export type OmarAccountConfig = z.infer<typeof omarAccountSchema>;
export type MrisAccountConfig = z.infer<typeof mrisAccountSchema>;

/** One of the ISO's accounts (ruling 2): scheduling coordinator, certificate, environment, way. */
export type IsoAccountConfig = OmarAccountConfig | MrisAccountConfig;

/** `iso:` in the configuration: the accounts that files are forwarded through. */
export const isoConfigSchema = z.strictObject({
  accounts: z
    .array(accountSchema)
    .refine((accounts) => new Set(accounts.map(({ name }) => name)).size === accounts.length, {
      error: 'a different name for each account',
    }),
});

export type IsoConfig = z.infer<typeof isoConfigSchema>;

/** The address of an account's ISO. */
export function toIsoUrl(each: IsoAccountConfig): string {
  const address = findIsoUrl(each);
  if (address === undefined) throw new Error(`Cannot find the address of environment "${each.environment}"`);
  return address;
}

function findIsoUrl(each: IsoAccountConfig): string | undefined {
  return each.url ?? (each.way === 'omar' ? omarUrls[each.environment] : mrisUrls[each.environment]);
}
