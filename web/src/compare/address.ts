/** Where two files are shown beside each other. */
export const compareAddress = (a: string, b: string) => `/compare?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`;
