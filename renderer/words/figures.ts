// Figures as a person reads them: counts, shares, sizes. Must not round what is counted.
const counted = new Intl.NumberFormat('en');

/** 4083 -> "4,083". */
export function count(value: number): string {
  return counted.format(value);
}

/** 1 -> "1 film", 12 -> "12 films". */
export function many(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

/** A share of one, in percent: 0.7196 -> "72.0 %". */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** Bytes, by thousands: 1_300_000_000 -> "1.3 GB". */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit] ?? ''}`;
}
