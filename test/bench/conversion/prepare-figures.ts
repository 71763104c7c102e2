/** What preparing one posting for OMAR-Online came to, in a process of its own. */
export interface PrepareFigures {
  /** Of the posted file, 10^6 bytes. */
  readonly megabytes: number;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** The highest resident size of the process until then. */
  readonly peakMegabytes: number;
  readonly parts: number;
  /** Bytes of the largest part. */
  readonly largestPart: number;
  /** Rows of all parts. */
  readonly records: number;
  /** Of number, rows and SHA-256 of every part. */
  readonly digest: string;
}
