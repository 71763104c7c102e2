import type { MailboxName, ParticipantName, Role } from '../model/mailbox.ts';
import type { Sha256 } from '../model/sha256.ts';
import type { Instant } from '../model/time.ts';

/** Somebody who may log in. `id` is the catalogue's own. */
export interface Participant {
  readonly id: number;
  readonly name: ParticipantName;
  readonly title: string;
  readonly role: Role;
}

export interface CertificateEntry {
  readonly fingerprint: Sha256;
  readonly participant: ParticipantName;
  readonly subject: string;
  readonly validFromAt: Instant;
  readonly validToAt: Instant;
  readonly registeredAt: Instant;
  readonly revokedAt: Instant | null;
}

export interface ApiKeyEntry {
  readonly id: string;
  readonly participant: ParticipantName;
  readonly label: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** Accounts, certificates and keys. Every change is an event; a revocation holds from the next `find…` on. */
export interface Participants {
  /** Rejects with `conflict` when the name is taken. */
  addParticipant(input: { name: ParticipantName; title: string; role: Role }): Promise<Participant>;
  listParticipants(): Promise<(Participant & { mailboxes: MailboxName[] })[]>;
  findParticipant(name: ParticipantName): Promise<Participant | undefined>;

  /** Rejects with `not-found` without such a participant, `conflict` when the certificate is registered already. */
  registerCertificate(input: {
    participant: ParticipantName;
    fingerprint: Sha256;
    subject: string;
    validFromAt: Instant;
    validToAt: Instant;
  }): Promise<void>;
  /** Rejects with `not-found` when no such certificate is registered; revoking twice keeps the first instant. */
  revokeCertificate(fingerprint: Sha256): Promise<void>;
  listCertificates(): Promise<CertificateEntry[]>;
  /** The owner of a certificate that is registered, not revoked and valid at `now`. */
  findByCertificate(fingerprint: Sha256, now: Instant): Promise<Participant | undefined>;

  /** Rejects with `not-found` without such a participant, `conflict` when there is a key of that id. */
  issueKey(input: {
    participant: ParticipantName;
    id: string;
    secretSha256: Sha256;
    label: string;
    expiresAt: Instant | null;
  }): Promise<void>;
  /** Rejects with `not-found` when there is no such key. */
  revokeKey(id: string): Promise<void>;
  listKeys(): Promise<ApiKeyEntry[]>;
  /** The owner and the digest to compare with, of a key that is neither revoked nor expired at `now`. */
  findByKey(
    id: string,
    now: Instant,
  ): Promise<{ participant: Participant; secretSha256: Sha256 } | undefined>;
}
