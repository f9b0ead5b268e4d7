// What can be done on the page Network, as commands: moving from film to film, and the ways on.
import type { Command } from '#renderer/commands/command.ts';
import type { App } from '#renderer/app/app.svelte.ts';
import { ClassifyIcon, NetworkIcon, ResultsIcon } from '#renderer/app/icons.ts';

export interface NetworkActions {
  trained: () => boolean;
  move: (by: number) => void;
  results: () => void;
  classify: () => void;
}

export function networkCommands({ trained, move, results, classify }: NetworkActions): Command[] {
  const film = (id: string, title: string, keys: string[], by: number): Command => ({
    id: `network.${id}`,
    title,
    group: 'This page',
    keys,
    unlisted: true,
    repeats: true,
    when: trained,
    run: () => move(by),
  });
  return [
    film('next', 'Next film', ['f'], 1),
    film('before', 'Film before', ['d'], -1),
    {
      id: 'network.results',
      title: 'Results of this run',
      group: 'This page',
      icon: ResultsIcon,
      when: trained,
      run: results,
    },
    {
      id: 'network.classify',
      title: 'Classify this film',
      group: 'This page',
      icon: ClassifyIcon,
      when: trained,
      run: classify,
    },
  ];
}

/** There on every page: a model comes in from anywhere. */
export function modelCommand(app: App): Command {
  return {
    id: 'model.import',
    title: 'Import a model',
    group: 'Everywhere',
    icon: NetworkIcon,
    when: () => app.library.current !== null,
    run: () => app.openModelSheet(true),
  };
}
