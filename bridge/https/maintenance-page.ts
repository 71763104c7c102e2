import { toPlainText } from './text.ts';

const maxCharacters = 2_000;

/** Whether a page that is none of the known ones says that the application is not there for now. */
export function isMaintenancePage(html: string): boolean {
  const text = toPlainText(html);
  return (
    text.length <= maxCharacters &&
    /\bmaintenance\b|\b(?:temporarily|currently) (?:unavailable|not available)\b|\bout of service\b/i.test(
      text,
    )
  );
}
