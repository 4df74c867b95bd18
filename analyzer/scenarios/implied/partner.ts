import type { CheckName, ContextKind } from '../../../sim';
import type { Asked, PartnerRow, Subject } from '../../knowledge/partner-row';
import type { Aside, Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import { isPointedThrough } from '../../lower/elided/name-uses';
import type { CNode } from '../../parse';
import { inWords } from '../names/called';
import { ownCode, toldWith, withoutParameters } from '../sides/own-code';
import { roleOf } from '../callers/roles';
import type { Scenario } from '../scenario';
import type { Side } from '../sides/side';
import { aliases, type Change, declared } from './change';
import { readsMarked } from './marked-reads';
import { rootOf } from './sites';
import { madeUp } from '../../lower/elided/local';

/** Something in a change that speaks of somebody else: the words that a partner's C may use. */
export interface Finding {
	readonly words: Readonly<Record<string, string>>;
	/** In which context runs what is stopped. */
	readonly context?: ContextKind;
	readonly silenced?: ContextKind;
	/** In which the changed function runs itself, whatever its role. */
	readonly own?: ContextKind;
	readonly tells: Tells;
	/** Statements of the function, before and after the patch, at which the row's asides are. */
	readonly marked?: Marked;
	/** Only the outline of the functions is run, for these checks: what the assumed world keeps from being reached is reached, too. */
	readonly outline?: readonly CheckName[];
	/** Of a function that is shown in part as well. */
	readonly inPart?: boolean;
	/** And the one, on each side that has it before that, after which the row's earlier aside is. */
	readonly earlier?: { readonly before: CNode | undefined; readonly after: CNode | undefined };
	/** After a condition, only where that does not hold. */
	readonly passes?: boolean;
}

/** A statement before and after the patch. */
export interface Marked {
	readonly before: CNode;
	readonly after: CNode;
}

/** What was found in the change the other way round, told of the change: it takes away what the finding speaks of. */
export const turnedBack = ({ marked, earlier, ...finding }: Finding): Finding => ({
	...finding, tells: 'introduces', ...(marked ? { marked: { before: marked.after, after: marked.before } } : {}), ...(earlier ? { earlier: { before: earlier.after, after: earlier.before } } : {}),
});

/** The side of the patch on which the protection is: what the partner shows may only ever be that the other side fails. `either`: it has moved. `still-fails`: on neither, and the mail speaks of it. */
export type Tells = 'fixes' | 'introduces' | 'either' | 'still-fails';

/** What finds in a change what a subject speaks of; of a row it asks no more than this. */
export type Finder = (change: Change, row: Asked) => readonly Finding[];
/** Those of some subjects. */
export type FindersOf = Readonly<Partial<Record<Subject, Finder>>>;
export type { Subject };

/** A scenario that may say no more than this of the patch. */
export interface ImpliedScenario extends Scenario {
	readonly tells: Tells;
	/** Assumptions of which the first that shows something is taken. */
	readonly family?: string;
	/** What it shows is done by accesses that nothing orders: a data race as well. */
	readonly unordered?: true;
}

/** The partner of the row for what was found; null where the change does not give the row's words. */
export function partner(change: Change, row: PartnerRow, finding: Finding): ImpliedScenario | null {
	if ((row.tells && finding.tells !== 'either' && !row.tells.includes(finding.tells)) || (row.unless && finding.words[row.unless] !== undefined) || (row.needs && finding.words[row.needs] === undefined)) return null;
	const words = { ...resolved(change, finding.words), self: `${change.name}(${change.after.fn.params.map((each) => each.name).join(', ')})` };
	const threads: Party[] = [];
	for (const [index, each] of row.threads.entries()) {
		const body = filled(each.body, words);
		const key = each.key === undefined ? undefined : filled(each.key, words);
		// Who is in sight goes by his name.
		const name = (row.plays && (finding.words['bare'] ?? finding.words['played'])) ?? each.name;
		const definition = body === null || key === null ? null : thread(change, name, parametersFor(change, each.body, words), body);
		if (!definition) return null;
		threads.push({
			name: `CPU${index + 1}`, entry: name, definition, context: (each.context === 'silenced' ? finding.silenced : (each.context ?? finding.context)) ?? 'task', start: each.start ?? 'ready', runs: 1, modelled: true, ...(name === each.name ? { called: inWords(name) } : {}),
			...(each.part ? { part: each.part } : {}), ...(key ? { key } : {}), ...(each.callback ? { callback: true } : {}),
		});
	}
	const entered = row.entered === undefined ? null : wrapper(change, row.entered, words);
	const says = filled(row.says, words);
	const overrides = standIns(change, row, words);
	if ((row.entered !== undefined && !entered) || says === null || !overrides) return null;
	const side = (definition: Definition, of: Side): readonly Party[] => [{ ...own(change, entered ?? definition, of, definition), ...(finding.own ? { context: finding.own } : {}) }, ...threads];
	const [before, after] = [asTold(change, row, finding, words, 'before'), asTold(change, row, finding, words, 'after')];
	if (!before || !after) return null;
	return {
		because: 'environment', reason: says, pre: side(before, change.pre), post: side(after, change.post),
		entries: [change.name, ...threads.map(({ entry }) => entry)], claimed: finding.tells === 'still-fails', weight: 30, tells: finding.tells, family: `${change.name}: ${row.partner}: ${says}`,
		...(overrides.size > 0 ? { overrides } : {}),
		...(entered ? { own: { name: change.name, pre: before, post: after } } : {}),
		...(row.races ? { races: true } : {}),
		...(row.reorders ? { reorders: true } : {}),
		...(readsMarked(change, finding.earlier?.before) ? { marked: true } : {}),
		...(finding.outline && (change.whole || finding.inPart) ? { outline: new Set(finding.outline) } : {}),
	};
}

/** What the scenario is about, among the words. */
const ABOUT = ['base', 'object'];

/** One side's function with what the scenario is about, and the row's asides at the marked statement; null where the row has some and nothing is marked. */
function asTold(change: Change, row: PartnerRow, { marked, earlier, passes = false }: Finding, words: Readonly<Record<string, string>>, side: 'before' | 'after'): Definition | null {
	const definition = change[side];
	const live = new Set(ABOUT.flatMap((word) => rootOf(words[word] ?? '') ?? []));
	if (!row.aside) return toldWith(definition, live);
	if (!marked) return null;
	const aside = (name: string, text: string | undefined): Definition | null => {
		const body = text === undefined ? null : filled(text, words);
		return body === null ? null : thread(change, name, '', body);
	};
	const asides = new Map<number, Aside>([[marked[side].start, { before: aside('right_before', row.aside.before), after: aside('right_after', row.aside.after) }]]);
	const first = earlier?.[side];
	if (first) asides.set(first.start, { ...asides.get(first.start), [first.type !== 'if_statement' ? 'after' : passes ? 'passed' : 'tested']: aside('earlier', row.aside.earlier) });
	return toldWith(definition, live, asides);
}

/** The words over what the function was given: a thread of its own does not know the locals that lead there. */
function resolved(change: Change, words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	const known = [...aliases(change)];
	const over = (text: string): string => known.reduce((sum, [name, path]) => sum.replace(new RegExp(`(?<![.>\\w])${name}\\s*->\\s*`, 'g'), `${path}.`), text);
	return Object.fromEntries(Object.entries(words).map(([word, text]) => [word, over(text)] as const));
}

/** The changed function as a thread; `entered`: by this one. */
export function own(change: Change, entered: Definition, side: Side, definition: Definition = entered): Party {
	const role = roleOf(side, definition);
	return {
		name: 'CPU0', entry: change.name, definition: entered, context: role?.row.context ?? 'task', ...(role ? { role: role.row } : {}), start: 'ready', runs: 1, modelled: false, ...(entered.fn.name === ITS_CALLER ? { called: inWords(ITS_CALLER) } : {}),
	};
}

/** C with the words put in; null when one is not given. */
function filled(text: string, words: Readonly<Record<string, string>>): string | null {
	let known = true;
	const result = text.replace(/\$(\w+)/g, (_, word: string) => {
		const value = words[word];
		if (value === undefined) known = false;
		return value ?? '';
	});
	return known ? result : null;
}

const NAMES = /(?<![\w.]|->\s*)[A-Za-z_]\w*\b(?!\s*\()/g;

/** Variables of the words in the text, as a thread's parameters. */
function parametersFor(change: Change, text: string, words: Readonly<Record<string, string>>): string {
	const used = [...text.matchAll(/\$(\w+)/g)].map((match) => words[match[1] ?? ''] ?? '');
	return parameters(change, used);
}

/** Variables of the expressions as a thread's parameters. */
export function parameters(change: Change, expressions: readonly string[]): string {
	const names = new Set(expressions.flatMap((text) => [...text.matchAll(NAMES)].map((match) => match[0])));
	return [...names].flatMap((name) => {
		// What is led through is a pointer, as it is where the function does so.
		const type = declared(change, name) ?? (isPointedThrough(name, expressions.join(' ')) ? `${madeUp(name, change.after.file.path)} *` : undefined);
		return type ? [`${type}${name}`] : [];
	}).join(', ');
}

/** A function of ours, parsed. */
export function thread(change: Change, name: string, params: string, body: string, returns = 'void'): Definition | null {
	return ownCode(change.parser, change.after.file.path, name, `${returns} ${name}(${params || 'void'})\n{\n${body}\n}\n`);
}

const ITS_CALLER = 'its_caller';

/** What enters the changed function, with its parameters and those that the words need. */
export function wrapper(change: Change, text: string, words: Readonly<Record<string, string>>): Definition | null {
	const { fn } = change.after;
	const body = filled(text, words);
	const params = fn.params.filter((each) => each.name).map((each) => `${each.type} ${each.name}`);
	const more = parametersFor(change, text.replaceAll('$self', ''), words).split(', ').filter((each) => each && !fn.params.some(({ name }) => name !== '' && new RegExp(`\\b${name}$`).test(each)));
	return body === null ? null : thread(change, ITS_CALLER, [...params, ...more].join(', '), body);
}

/** Functions that stand for what nobody shows, with no parameters of their own: they speak of instances. null: one could not be made. */
function standIns(change: Change, row: PartnerRow, words: Readonly<Record<string, string>>): ReadonlyMap<string, Definition> | null {
	const found = new Map<string, Definition>();
	for (const [word, text] of Object.entries(row.standIn ?? {})) {
		const [name, body] = [words[word], filled(text, words)];
		const definition = name && body !== null ? thread(change, name, '', body, /\breturn\b/.test(body) ? 'void *' : 'void') : null;
		if (!name) continue;
		if (!definition) return null;
		found.set(name, withoutParameters(definition));
	}
	return found;
}
