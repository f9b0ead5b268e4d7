// A Python file in cells ("# %%", as editors know them) as a Jupyter notebook, nbformat 4.5.
// Must not know what the cells do.

interface Cell {
  kind: 'markdown' | 'code';
  lines: string[];
}

/** "# %% [markdown] sealed": what kind of cell, and the word of the runs that have it; without one all have it. */
const HEAD = /^# %%(?<words>( \[markdown\])?)(?: (?<only>\w+))?$/;

/**
 * The notebook as JSON.
 * @param first words of its first cell, in Markdown
 * @param python text before its first cell is a note to those who edit it and is left out
 * @param word cells of another word are left out
 */
export function notebookOf(first: string, python: string, word: string): string {
  const cells: Cell[] = [{ kind: 'markdown', lines: first.split('\n') }];
  let open: Cell | null = null;
  for (const line of python.split(/\r?\n/)) {
    const { words, only } = HEAD.exec(line)?.groups ?? {};
    if (words !== undefined) {
      open = { kind: words === '' ? 'code' : 'markdown', lines: [] };
      if (only === undefined || only === word) cells.push(open);
    } else open?.lines.push(open.kind === 'code' ? line : line.replace(/^# ?/, ''));
  }
  const notebook = {
    cells: cells.map(({ kind, lines }, place) => ({
      cell_type: kind,
      id: `cell-${place + 1}`,
      metadata: {},
      ...(kind === 'code' ? { execution_count: null, outputs: [] } : {}),
      source: sourceOf(lines),
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Lines with their ends, as notebooks keep them, without empty ones around. */
function sourceOf(lines: string[]): string[] {
  return lines
    .join('\n')
    .trim()
    .split(/(?<=\n)/);
}
