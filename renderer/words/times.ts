// Moments and spans as a person reads them. Moments come as ISO 8601 in UTC and are shown in local time.
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const secondsFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "14:32:07". */
export function clock(at: string): string {
  return secondsFormat.format(new Date(at));
}

/** "23 Nov", with the year where it is not this one. */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  return (date.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(date);
}

/** "today, 14:31", "23 Nov, 14:31", "2 Oct 2025, 09:10". */
export function moment(at: string, now = new Date()): string {
  const date = new Date(at);
  const today = date.toDateString() === now.toDateString();
  return `${today ? 'today' : day(at, now)}, ${clockFormat.format(date)}`;
}

/** "today, 14:31" for today, else only the day. */
export function lately(at: string, now = new Date()): string {
  return new Date(at).toDateString() === now.toDateString() ? moment(at, now) : day(at, now);
}

/** A span of seconds, as coarse as it is long: "7 s", "1 min 40 s", "2 h 5 min". */
export function span(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
