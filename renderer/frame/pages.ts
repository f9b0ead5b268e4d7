// The pages of the window: their words, icons, and how their code is fetched.
// A page is fetched when it is first opened: the library is on screen before the viewer is read from disk.
import type { Component } from 'svelte';
import type { PageName } from '#renderer/app/pages.svelte.ts';
import {
  CameraIcon,
  ClassifyIcon,
  LibraryIcon,
  NetworkIcon,
  ReadIcon,
  ResultsIcon,
  SettingsIcon,
  TrainIcon,
} from '#renderer/app/icons.ts';
import Library from '#renderer/library/Library.svelte';

interface Page {
  title: string;
  icon: Component<{ size?: number | string }>;
  load: () => Component | Promise<{ default: Component }>;
}

export const pages: Record<PageName, Page> = {
  library: { title: 'Library', icon: LibraryIcon, load: () => Library },
  read: { title: 'Read', icon: ReadIcon, load: () => import('#renderer/read/Read.svelte') },
  train: { title: 'Train', icon: TrainIcon, load: () => import('#renderer/train/Train.svelte') },
  results: { title: 'Results', icon: ResultsIcon, load: () => import('#renderer/results/Results.svelte') },
  classify: { title: 'Classify', icon: ClassifyIcon, load: () => import('#renderer/classify/Classify.svelte') },
  network: { title: 'Network', icon: NetworkIcon, load: () => import('#renderer/network/Network.svelte') },
  camera: { title: 'Camera', icon: CameraIcon, load: () => import('#renderer/camera/Camera.svelte') },
  settings: { title: 'Settings', icon: SettingsIcon, load: () => import('#renderer/settings/Settings.svelte') },
};

/** Pages of the rail, top to bottom; Settings stands at its foot. The camera is reached from Library and Classify, a network from Results and Classify. */
export const rail: PageName[] = ['library', 'read', 'train', 'results', 'classify', 'settings'];
