import type { Resource } from '../../../storage/ports/resources.ts';

/** A mapping in words. */
export function toMappingText({ meter, channel, unit, resourceId, account, way }: Resource): string {
  const channelText = channel === '' ? '' : ` channel ${channel}`;
  return `${meter}${channelText} ${unit} to ${resourceId} through ${account} (${way})`;
}
