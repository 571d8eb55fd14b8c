/** The path in the dataset that a link in a file means; null for one that leads out of it. */
export function pathBeside(file: string, href: string): string | null {
  if (/^([a-z][a-z0-9+.-]*:|\/|#|\?)/i.test(href)) return null;
  let relative: string;
  try {
    relative = decodeURIComponent(href.replace(/[?#].*$/, ''));
  } catch {
    return null;
  }
  const path = file.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (!path.length) return null;
      path.pop();
    } else if (part && part !== '.') path.push(part);
  }
  return path.join('/') || null;
}
