// A number with its noun, for sentences of the core. Must not know any noun.

/** 1 -> "1 film", 4083 -> "4,083 films". */
export function many(value: number, one: string, more = `${one}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? one : more}`;
}

/** The first few of what is named, and how many more there are. */
export function firstOf(names: string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more.toLocaleString('en')} more` : '');
}
