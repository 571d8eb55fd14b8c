/** Most characters, as the hub has it. */
export const MOST = { note: 100_000, comment: 5_000 } as const;
