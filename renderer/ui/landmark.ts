// Where a list that opens over the page is put: in the landmark its button stands in, so that those who go by landmarks
// find it there, and in the sheet, so that it lies over it.

export function landmarkOf(button: HTMLElement | null): Element | 'body' {
  return button?.closest('[role="dialog"], header, main, footer, nav') ?? 'body';
}
