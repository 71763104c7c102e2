import type { Generated } from 'kysely';

/**
 * The tables as Kysely sees them. `migrations/` is what makes them; `schema.sql` is the snapshot that the gate
 * compares. Tables are not a public interface: only `storage/sql` reads and writes them.
 */
export interface Schema {
  store: { id: number; store_id: string; created_at: number };
  instance: { id: string; program: string; started_at: number; seen_at: number; ended_at: number | null };
  event: {
    sequence: Generated<number>;
    at: number;
    instance: string;
    subject: string;
    subject_id: number;
    kind: string;
    body: string;
  };
  participant: { id: Generated<number>; name: string; title: string; role: string; created_at: number };
  certificate: {
    fingerprint: string;
    participant_id: number;
    subject: string;
    valid_from_at: number;
    valid_to_at: number;
    registered_at: number;
    revoked_at: number | null;
  };
  api_key: {
    id: string;
    participant_id: number;
    secret_sha256: string;
    label: string;
    issued_at: number;
    expires_at: number | null;
    revoked_at: number | null;
  };
  mailbox: {
    id: Generated<number>;
    name: string;
    owner_id: number;
    zone: string;
    profile: string;
    on_line_days: number;
    allows_raw: number;
    demands_mapping: Generated<number>;
    created_at: number;
    levels: Generated<string>;
    receivers: Generated<string>;
  };
  file: {
    id: Generated<number>;
    key: string;
    sha256: string;
    bytes: number;
    root: string;
    created_at: number;
    leaves_at: number | null;
    delete_at: number | null;
    is_held: Generated<number>;
    is_coded: number;
    deleted_at: number | null;
  };
  coding: { file_id: number; coding: string; key: string; sha256: string; bytes: number };
  source: { id: Generated<number>; state: string; instance: string; file_id: number | null };
  posting: {
    transaction_number: Generated<number>;
    source_id: number;
    posted_by: number;
    posted_at: number;
    original_name: string;
    format: string;
    profile: string;
    summary: string;
    is_complete: number;
    corrects: number | null;
    reason_code: string | null;
    note: string;
    iso_account: string | null;
    idempotency_key: string | null;
    request_sha256: string | null;
  };
  refusal: {
    id: Generated<number>;
    refused_by: number;
    refused_at: number;
    original_name: string;
    bytes: number;
    sha256: string;
    reason: string;
    fault_counts: string;
    faults: string;
  };
  derivation: { file_id: number; source_id: number; byte_start: number; byte_end: number };
  mailbox_file: {
    mailbox_id: number;
    name: string;
    transaction_number: number;
    file_id: number;
    records: number;
    posted_at: number;
    changed_at: number;
    leaves_at: number;
    archived_at: number | null;
    first_retrieved_at: number | null;
    acknowledged_at: number | null;
  };
  reading_set_kind: {
    source_id: number;
    number: number;
    sender: string;
    receiver: string;
    commodity: string;
    unit: string;
    channel: string;
    purpose: string;
    multiplier: string;
    interval_minutes: number;
    external_reference: string;
  };
  reading_set_row: {
    source_id: number;
    number: number;
    kind: number;
    line: number;
    byte_start: number;
    byte_end: number;
    account: string;
    sdp: string;
    meter: string;
    period_start_at: number;
    period_end_at: number;
    readings: number;
    estimated: number;
    adjusted: number;
    raw: number;
    missing: number;
    state: string;
  };
  /** A view of the two tables above: for reading only. */
  reading_set: Omit<Schema['reading_set_kind'], 'source_id' | 'number'> &
    Omit<Schema['reading_set_row'], 'kind'>;
  retrieval: {
    id: Generated<number>;
    mailbox_id: number;
    name: string;
    participant_id: number;
    credential: string;
    address: string;
    coding: string;
    range_start: number | null;
    range_end: number | null;
    instance: string;
    opened_at: number;
    ended_at: number | null;
    bytes_sent: number | null;
    state: string;
  };
  resource: {
    id: number;
    meter: string;
    channel: string;
    unit: string;
    resource_id: string;
    measurement_type: string;
    iso_unit: string;
    direction: string;
    account: string;
    way: string;
    effective_from: string;
    effective_to: string | null;
    since_event: number;
    until_event: number | null;
  };
  forwarding: {
    id: Generated<number>;
    transaction_number: number;
    account: string;
    way: string;
    backfill: Generated<number>;
    state: string;
    reason: string;
    due_at: number | null;
    is_held: Generated<number>;
    lease_holder: string | null;
    lease_until_at: number | null;
    unmapped: Generated<number>;
    created_at: number;
    changed_at: number;
    stuck_since_at: number | null;
    attention: string | null;
  };
  part: {
    id: Generated<number>;
    forwarding_id: number;
    number: number;
    file_id: number;
    extension: string;
    records: number;
  };
  submission: {
    id: Generated<number>;
    part_id: number;
    attempt: number;
    iso_name: string;
    instance: string;
    state: string;
    intended_at: number;
    deadline_at: number;
    iso_file_id: string | null;
    iso_status: string | null;
    polls: Generated<number>;
    words: string;
    changed_at: number;
  };
  submission_error: {
    submission_id: number;
    number: number;
    words: string;
    occurrences: number;
    resource_id: string;
    meter: string;
    unit: string;
    interval_end_at: number | null;
    line: number | null;
  };
  iso_file: {
    account: string;
    iso_file_id: string;
    name: string;
    status: string;
    records: number | null;
    received: string;
    seen_at: number;
  };
  lease: { name: string; holder: string; until_at: number };
  account_pause: { account: string; way: string; until_at: number };
  user_pace: { user: string; next_at: number };
  kept_page: {
    id: Generated<number>;
    account: string;
    kind: string;
    fingerprint: string;
    why: string;
    file_id: number;
    kept_at: number;
    released_at: number | null;
    http_status: number | null;
    content_type: string | null;
  };
}
