import type { Change } from './change';

/** Beyond the patch's own files: a model or the tree says what the function does. */
export const isShownElsewhere = ({ post, after }: Change, name: string): boolean => post.sources.model(name) !== null || post.sources.elsewhere(name, after.file.path) !== null;

/** Somebody shows what the function does: the patch's files, a model or the tree. */
export const isShown = (change: Change, name: string): boolean => change.post.functions.has(name) || isShownElsewhere(change, name);
