// The icon of each kind of long work.
import Archive from '@lucide/svelte/icons/archive';
import Download from '@lucide/svelte/icons/download';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Gauge from '@lucide/svelte/icons/gauge';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Mountain from '@lucide/svelte/icons/mountain';
import Search from '@lucide/svelte/icons/search';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import type { Component } from 'svelte';
import type { Job } from '#api/jobs.ts';
import { TrainIcon } from '#renderer/app/icons.ts';

const icons: Record<Job['kind'], Component> = {
  preview: Search,
  import: Download,
  demo: FlaskConical,
  train: TrainIcon,
  classify: ScanSearch,
  slice: Mountain,
  backup: Archive,
  verify: ShieldCheck,
  calibrate: Gauge,
};

export function jobIcon(kind: Job['kind']): Component {
  return icons[kind];
}
