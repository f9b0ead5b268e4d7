// "Does this look like what it learned from?": a network answers on anything, so a film is looked at before it is asked.
// Must not look at labels. It turns away what is plainly no such film; it is no proof that a film is one.
import { filmFeatures, measureFilm } from './film-features.ts';
import type { Cloud } from './mahalanobis.ts';
import { cloudOf, distanceTo, quantile } from './mahalanobis.ts';

/** Kept in the model's card. */
export interface Guard extends Cloud {
  /** Names of the figures, in order: a card written for other figures must not be read. */
  features: string[];
  /** Largest distance taken for alike. */
  limit: number;
  /** Largest colourfulness taken for alike (Hasler and Suesstrunk; 0 grey, 15 slightly colourful). */
  colourLimit: number;
  films: number;
}

/** Enough films for a covariance of twenty figures; more would only cost time. */
const mostFilms = 2000;
const folds = 10;
/**
 * Bounds of the limit, times the root of the number of figures (the distance of a typical film): few films, or one mad one
 * among them, shall make it neither blind nor squeamish.
 */
const [leastReach, mostReach] = [2.6, 3.5];
/** Two grey levels: nothing to see. */
const evenGrey = 0.008;
/** Below "slightly colourful": scans of grey film through a colour camera or JPEG stay under it. */
const leastColourLimit = 12;

/**
 * Learns what the films at `places` look like. The limit comes from films the cloud did not know (ten folds): the
 * distance 99.5 % of them keep below, times 1.3 and more where films are few, within bounds.
 * @param pixels prepared films, size * size bytes each
 * @param colours colourfulness of the films as they were imported, one a film
 */
export function learnGuard(
  pixels: Uint8Array,
  size: number,
  places: ArrayLike<number>,
  colours: ArrayLike<number>,
): Guard {
  const chosen = Array.from({ length: Math.min(places.length, mostFilms) }, (_, i) => {
    return places[Math.floor((i * places.length) / Math.min(places.length, mostFilms))] ?? 0;
  });
  const area = size * size;
  const points = chosen.map((place) => measureFilm(pixels.subarray(place * area, (place + 1) * area), size));
  const floors = filmFeatures.map((feature) => feature.floor);
  const distances = leftOutDistances(points, floors).sort();
  const colour = Float64Array.from(chosen, (place) => colours[place] ?? 0).sort();
  return {
    ...cloudOf(points, floors),
    features: filmFeatures.map((feature) => feature.name),
    limit: bounded(quantile(distances, 0.995) * (1.3 + 2 / Math.sqrt(points.length))),
    colourLimit: Math.max(leastColourLimit, 1.5 * quantile(colour, 0.995)),
    films: points.length,
  };
}

/** Why a prepared film is unlike those learned from, in words that go on from "does not look like ..."; null when it is alike. */
export function unlike(guard: Guard, film: Uint8Array, size: number, colour: number): string | null {
  const point = measureFilm(film, size);
  if ((point[1] ?? 0) < evenGrey) return 'it is one even grey, with nothing on it';
  if (colour > guard.colourLimit) return 'it is in colour';
  const { distance, spreads } = distanceTo(guard, point);
  if (distance <= guard.limit) return null;
  const farthest = spreads.reduce((best, value, i) => (Math.abs(value) > Math.abs(spreads[best] ?? 0) ? i : best), 0);
  const feature = filmFeatures[farthest];
  const spread = spreads[farthest] ?? 0;
  if (!feature || Math.abs(spread) < 3) return 'its brightness, detail and shapes do not go together as theirs do';
  return spread < 0 ? feature.low : feature.high;
}

function bounded(limit: number): number {
  const typical = Math.sqrt(filmFeatures.length);
  return Math.max(leastReach * typical, Math.min(mostReach * typical, limit));
}

/** Distance of each film to the cloud of the films outside its fold. */
function leftOutDistances(points: Float64Array[], floors: number[]): Float64Array {
  const distances = new Float64Array(points.length);
  const parts = Math.min(folds, points.length);
  for (let part = 0; part < parts; part++) {
    const others = points.filter((_, place) => place % parts !== part);
    const cloud = cloudOf(others.length > 0 ? others : points, floors);
    for (let place = part; place < points.length; place += parts) {
      distances[place] = distanceTo(cloud, points[place] ?? new Float64Array(floors.length)).distance;
    }
  }
  return distances;
}
