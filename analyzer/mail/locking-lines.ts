import type { Patch } from './patch';

/** A call that takes or gives back, by its name: a lock, a guard, a section. */
const LOCKS = /\b\w*(?:lock|mutex|guard|sem|down|claim|enter|exit|leave)\w*\s*\(/i;
/** A call that only says, or asks, what is held. */
const ASKS = /\b\w*(?:assert|held|is_(?:\w+_)?locked)\w*\s*\((?:[^()]|\([^()]*\))*\)/gi;
const REMARKS = /\/\*.*?(?:\*\/|$)|\/\/.*|^\s*\*.*/g;

/** The patch's own lines may take or release a lock somewhere: who held it before them and who does behind them need not be the same. */
export const changesLocking = ({ files }: Pick<Patch, 'files'>): boolean =>
	files.some(({ hunks }) => hunks.some(({ lines }) => lines.some(({ kind, text }) => kind !== 'context' && LOCKS.test(text.replace(REMARKS, '').replace(ASKS, '')))));
