/** Formats of the ISO's own: they go to the account that the posting names, byte for byte, and are not mapped (ruling 25). */
export const passThroughFormats: readonly string[] = ['mdef', 'omar-csv'];
