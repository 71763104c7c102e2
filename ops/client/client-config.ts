import { z } from 'zod';
import { absolutePathSchema } from '../../storage/config.ts';

/** `client:` in the configuration: how `mdma post` reaches the server and as whom. */
export const clientConfigSchema = z.strictObject({
  /** Address of the server, such as `https://mdma.example.com:8443`. */
  url: z.url({ protocol: /^https$/, error: 'an address that begins with https://' }),
  /** Certificate of the authority that the server's certificate is from (PEM); the system's when left out. */
  authorityFile: absolutePathSchema.optional(),
  /** Client certificate (PEM) of the staff member or program that posts. */
  certificateFile: absolutePathSchema,
  /** Its private key (PEM), readable by its owner only. */
  keyFile: absolutePathSchema,
});

export type ClientConfig = z.infer<typeof clientConfigSchema>;
