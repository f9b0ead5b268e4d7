// The parts of the Settings page, in order.
import Cpu from '@lucide/svelte/icons/cpu';
import Download from '@lucide/svelte/icons/download';
import Eye from '@lucide/svelte/icons/eye';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Info from '@lucide/svelte/icons/info';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';

export interface Section {
  name: string;
  title: string;
  icon: Component;
}

export const sections: Section[] = [
  { name: 'readers', title: 'Readers', icon: Users },
  { name: 'library', title: 'Library and backups', icon: HardDrive },
  { name: 'imports', title: 'Imports', icon: Download },
  { name: 'engine', title: 'Engine', icon: Cpu },
  { name: 'keys', title: 'Keys', icon: Keyboard },
  { name: 'appearance', title: 'Appearance', icon: Eye },
  { name: 'about', title: 'About', icon: Info },
];
