/** How long things stay (MBX-5, ruling 6). */

/** Days that a file stays in the directory unless the mailbox says otherwise (BRO 3.5). */
export const defaultOnLineDays = 5;

/** The floor that no setting may go under (BRO Attachment D). */
export const minOnLineDays = 3;

/** Months from posting until the bytes are deleted, unless a hold stops it (BRO 3.4 d). */
export const archiveMonths = 36;
