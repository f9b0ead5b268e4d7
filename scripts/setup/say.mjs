// Words for the person at the terminal, on stderr: stdout belongs to whatever runs afterwards.

const SILENT_MS = 1000;
const AGAIN_MS = 20_000;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Does a piece of work and says so where it takes longer than a second.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startMs = Date.now();
  const seconds = () => Math.round((Date.now() - startMs) / 1000);
  let said = false;
  const first = setTimeout(() => {
    said = true;
    say(`${title} ...`);
  }, SILENT_MS);
  const again = setInterval(() => say(`  ${seconds()} s`), AGAIN_MS);
  try {
    const result = await work();
    if (said) say(`  done in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
