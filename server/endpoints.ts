import type { Endpoint } from './http/endpoint.ts';
import { directoryEndpoint, listMailboxesEndpoint } from './mailbox/directory-endpoint.ts';
import { downloadEndpoint } from './mailbox/download-endpoint.ts';
import { receiptEndpoint } from './mailbox/receipt.ts';
import { retrievalsEndpoint } from './mailbox/retrievals.ts';
import { openApi30Endpoint, openApiEndpoint } from './openapi/routes.ts';
import { homeEndpoint } from './pages/home.ts';
import { postEndpoint } from './posting/post-endpoint.ts';
import { postingEndpoint, postingsEndpoint, refusalsEndpoint } from './posting/postings-endpoints.ts';
import { reconciliationEndpoint } from './reconciliation/reconciliation.ts';
import {
  changeResourceEndpoint,
  endResourceEndpoint,
  mapResourceEndpoint,
  resourceEndpoint,
  resourcesEndpoint,
} from './resources/resources-endpoints.ts';
import { releaseStopEndpoint, stopsEndpoint } from './submissions/stops-endpoints.ts';
import {
  closeEndpoint,
  holdEndpoint,
  retryEndpoint,
  submissionEndpoint,
  submissionsEndpoint,
} from './submissions/submissions-endpoints.ts';

/** Every route of the server, as the OpenAPI document lists them. */
export const endpoints: readonly Endpoint[] = [
  homeEndpoint,
  listMailboxesEndpoint,
  directoryEndpoint,
  downloadEndpoint,
  receiptEndpoint,
  retrievalsEndpoint,
  postEndpoint,
  postingsEndpoint,
  postingEndpoint,
  refusalsEndpoint,
  submissionsEndpoint,
  submissionEndpoint,
  retryEndpoint,
  holdEndpoint,
  closeEndpoint,
  stopsEndpoint,
  releaseStopEndpoint,
  resourcesEndpoint,
  resourceEndpoint,
  mapResourceEndpoint,
  changeResourceEndpoint,
  endResourceEndpoint,
  reconciliationEndpoint,
  openApiEndpoint,
  openApi30Endpoint,
];
