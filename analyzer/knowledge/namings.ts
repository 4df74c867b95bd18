import { expression } from './expressions';

/**
 * What a call's name tells, of families too large for a row each, or where what a row says of the effect is not what is asked. What each of them means is said in `table/namings.yaml` and `table/name-words.yaml`, where
 * the names are, in the same order.
 */
export const NAMINGS = [
	'lets-in', 'awaits', 'awaits-a-while', 'own-cpu',
	'puts-in', 'takes-out', 'locks-its-container', 'for-readers', 'replaces-pointer', 'on-container', 'changes-container', 'needs-lock', 'read-in-place',
	'publishes', 'found-under-lock', 'found-without-lock', 'keeps-to-itself', 'makes-ready',
	'reads-once', 'reads-count', 'writes-once', 'reads-in-section', 'asks-bit', 'disowns-race', 'marks-store', 'marks-either', 'only-marks',
	'annotates-load', 'begins-torn-read', 'asks-torn-read', 'begins-torn-write', 'ends-torn-write', 'orders', 'orders-all', 'stores-and-fences', 'sets-count', 'counts-up', 'counts-down', 'keeps-statistics', 'sets-bit', 'clears-bit', 'copies',
	'shows-others', 'in-one-step', 'keeps-out-or-asks-where', 'asks-waiters', 'asks-waiters-in-order', 'asks-whether-awaited', 'enters-atomic',
	'makes-lock', 'makes-completion', 'resets-completion', 'only-looks', 'raises-count', 'drops-last',
	'only-tells', 'leaves-nothing', 'asserts', 'tells-of-sleep', 'sleeps', 'takes-lock', 'asks-pending', 'keeps-off-all', 'ends-queue', 'ends-cache', 'wakes', 'own-part',
	'ends-notifier', 'ends-attribute', 'finds-lasting',
	'keeps-out', 'puts', 'drops-hold', 'ends-unknown', 'makes', 'finds-shared', 'gives-back', 'unlocks-too', 'destroys', 'tears-down', 'sets-up-object', 'gives-something-up', 'sets-up', 'gives-up', 'ends-what-it-gets', 'lets-come-by', 'may-drop', 'pins', 'unpins', 'announces', 'exposes', 'starts-others', 'changes-read', 'parts', 'awaited-before', 'destroys-for-good', 'frees-outright', 'frees-or-drops', 'ends-life', 'lets-nobody-in', 'lets-go', 'waits-for-somebody', 'waits-for-nobody', 'unloads', 'quiets', 'suspends', 'ends-module', 'asks-how-it-is', 'opens', 'has-it-alone', 'begins-or-ends', 'calls-awake', 'hands-on',
] as const;
export type Naming = (typeof NAMINGS)[number];

export interface NamingRow {
	readonly naming: Naming;
	/** A regular expression over all of the name; or one over what stands between its underscores, of which any may do. */
	readonly names?: string | undefined;
	readonly words?: string | undefined;
}

/** The regular expression's text over all of the name. */
export const overName = ({ names, words }: NamingRow): string => names ?? `(?:\\w*_)?(?:${words})(?:_\\w*)?`;

export interface Namings {
	readonly namings: ReadonlyMap<Naming, string>;
}

/** A regular expression's text for names of one of these kinds. */
export const namesOf = ({ namings }: Namings, ...kinds: readonly Naming[]): string => `(?:${kinds.map((kind) => namings.get(kind) ?? '(?!)').join('|')})`;

/** A regular expression's text for the calls whose names tell one of these, up to their arguments. */
export const callsNamed = (table: Namings, ...kinds: readonly Naming[]): string => `\\b${namesOf(table, ...kinds)}\\s*\\(`;

/** The call's name is one of these. */
export const isNamed = (table: Namings, naming: Naming, api: string): boolean => expression(`^${namesOf(table, naming)}$`).test(api);

/** Somewhere in the text one of these is called. */
export const callsOne = (table: Namings, naming: Naming, text: string): boolean => expression(callsNamed(table, naming)).test(text);

/** The text begins with a call of one of these. */
export const beginsWith = (table: Namings, naming: Naming, text: string): boolean => expression(`^${namesOf(table, naming)}\\s*\\(`).test(text);
