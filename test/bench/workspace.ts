import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { createAuthority, type IssuedCertificate, issueCertificate } from '../../certs/generate.ts';
import { type CertificatePaths, writeCertificateFiles } from '../../certs/write.ts';
import type { Instant } from '../../storage/model/time.ts';
import { toCmepFile } from './cmep-data.ts';

export const mebibyte = 2 ** 20;
/** "200 KB" of the targets. */
const smallBytes = 200_000;
export const bigBytes = 64 * mebibyte;

export interface BenchCertificate extends IssuedCertificate, CertificatePaths {}

const certificateNames = ['server', 'reader', 'other', 'staff'] as const;

/** The folder of one run: the files that every server serves, and certificates from one authority. */
export interface Workspace {
  readonly folder: string;
  /** What the peers serve: `big.dat`, `small.dat`, `small.dat.zst`, `listing.json`. */
  readonly served: string;
  readonly small: Buffer;
  readonly big: Buffer;
  readonly authority: CertificatePaths & { readonly certificatePem: string };
  /** `reader` downloads, `other` lists meanwhile, `staff` posts. */
  readonly certificates: Readonly<Record<(typeof certificateNames)[number], BenchCertificate>>;
  remove(): void;
}

/** @param now the instant that the certificates begin at; they last two days */
export async function makeWorkspace(now: Instant): Promise<Workspace> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mdma-bench-'));
  // Peers that were started by root serve as another user.
  chmodSync(folder, 0o755);
  const served = path.join(folder, 'served');
  mkdirSync(served);
  const small = toCmepFile(smallBytes, 1);
  const big = toCmepFile(bigBytes, 1_000_000);
  writeFileSync(path.join(served, 'small.dat'), small);
  writeFileSync(
    path.join(served, 'small.dat.zst'),
    zstdCompressSync(small, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  );
  writeFileSync(path.join(served, 'big.dat'), big);
  writeFileSync(path.join(served, 'listing.json'), toListing());
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, served, small, big, remove, ...(await makeCertificates(folder, now)) };
}

async function makeCertificates(folder: string, now: Instant) {
  const store = path.join(folder, 'certificates');
  const authority = await createAuthority({ commonName: 'MDMA bench authority', days: 3, now });
  const authorityPaths = await writeCertificateFiles(store, 'authority', authority);
  const make = async (commonName: (typeof certificateNames)[number]): Promise<BenchCertificate> => {
    const names =
      commonName === 'server'
        ? ({ kind: 'server', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] } as const)
        : ({ kind: 'client' } as const);
    const issued = await issueCertificate(authority, { commonName, days: 2, now, ...names });
    return { ...issued, ...(await writeCertificateFiles(store, commonName, issued)) };
  };
  const [server, reader, other, staff] = await Promise.all([
    make('server'),
    make('reader'),
    make('other'),
    make('staff'),
  ]);
  return {
    authority: { ...authorityPaths, certificatePem: authority.certificatePem },
    certificates: { server, reader, other, staff },
  };
}

/** A listing of 100 files of about the size of ours, for peers to serve as a plain file. */
function toListing(): string {
  const files = Array.from({ length: 100 }, (_, index) => ({
    name: `2026112006${String(index % 60).padStart(2, '0')}.dat`,
    bytes: 199_000 + index,
    sha256: String(index).padStart(64, '0'),
    postedAt: '2026-11-20T14:00:00.000Z',
    transaction: index + 1,
    records: 180,
    leavesAt: '2026-11-25T14:00:00.000Z',
  }));
  return JSON.stringify({ files });
}
