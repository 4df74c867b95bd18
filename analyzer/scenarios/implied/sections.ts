import type { Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import { lockOf, type Site } from './sites';
import { written } from './steps';

/** A statement, or the condition of an `if`, with the critical sections that it is in. */
export interface Point {
	readonly node: CNode;
	/** White space folded; of an `if` its condition. */
	readonly text: string;
	/** The lock's place → the section: where the lock was taken, `HERE_ALREADY` when out of sight. Two points of one number have no release between them. */
	readonly held: ReadonlyMap<string, number>;
}

/** Both hold the lock, with no release of it between them. */
export const inOneSection = (one: Point, other: Point, lock: string): boolean => one.held.has(lock) && one.held.get(lock) === other.held.get(lock);

const HERE_ALREADY = -1;

/** null: not reached. */
type State = ReadonlyMap<string, number> | null;

/**
 * The function's statements in order, each with what it holds on every way that leads to it. A loop's body is gone through once; a goto backwards
 * adds nothing.
 */
export function pointsOf(definition: Definition, sites: readonly Site[]): readonly Point[] {
	const known = read.get(sites);
	if (known?.definition === definition) return known.points;
	const points = readPoints(definition, sites);
	read.set(sites, { definition, points });
	return points;
}

/** By the function's sites: several subjects ask for them. */
const read = new WeakMap<readonly Site[], { readonly definition: Definition; readonly points: readonly Point[] }>();

function readPoints({ fn }: Definition, sites: readonly Site[]): readonly Point[] {
	const points: Point[] = [];
	const atLabel = new Map<string, State>();
	const leaving: State[][] = [];
	const note = (node: CNode, state: State): void => {
		if (state && !node.synthetic) points.push({ node, text: written(node), held: state });
	};
	const walk = (node: CNode, state: State): State => {
		switch (node.type) {
			case 'compound_statement': {
				const end = over(node.named, state);
				return after(sites.filter(({ start }) => start === node.end - 1), end);
			}
			case 'if_statement': {
				const condition = node.field('condition');
				note(node, state);
				const inside = condition ? within(sites, condition) : [];
				const tested = after(inside, state);
				const tried = inside.find(({ row }) => row?.effect === 'trylock');
				const got = tried ? after([tried], tested, true) : tested;
				const failed = tried !== undefined && /^\(*\s*!/.test(condition?.text.replace(/\b(?:un)?likely\s*/, '') ?? '');
				const [consequence, alternative] = [node.field('consequence'), node.field('alternative')];
				const yes = consequence ? walk(consequence, failed ? tested : got) : tested;
				const no = alternative ? walk(alternative, failed ? got : tested) : failed ? got : tested;
				return join(yes, no);
			}
			case 'for_statement':
			case 'while_statement':
			case 'do_statement':
			case 'switch_statement': {
				const body = node.field('body');
				const head = after(sites.filter((site) => site.start >= node.start && site.start < (body?.start ?? node.end)), state);
				leaving.push([]);
				const end = !body ? head : node.type === 'switch_statement' ? cases(body, head) : join(head, walk(body, head));
				return (leaving.pop() ?? []).reduce(join, after(node.type === 'do_statement' && body ? sites.filter((site) => site.start >= body.end && site.start < node.end) : [], end));
			}
			case 'labeled_statement': {
				const name = node.field('label')?.text ?? '';
				// Who goes to a label that nothing in sight leads to holds what is released behind it.
				const here = join(state, atLabel.get(name) ?? null) ?? held(sites.filter(({ start }) => start > node.start));
				return over(node.named.filter((child) => child.fieldName !== 'label'), here);
			}
			case 'goto_statement': {
				const name = node.field('label')?.text ?? node.named[0]?.text ?? '';
				atLabel.set(name, join(state, atLabel.get(name) ?? null));
				return null;
			}
			case 'return_statement':
				note(node, state);
				return null;
			case 'break_statement':
			case 'continue_statement':
				leaving.at(-1)?.push(state);
				return null;
			case 'expression_statement':
			case 'declaration':
				note(node, state);
				return after(within(sites, node), state);
			default:
				return over(node.named, state);
		}
	};
	const over = (nodes: readonly CNode[], state: State): State => nodes.reduce<State>((at, each) => walk(each, at), state);
	const cases = (body: CNode, head: State): State => body.named.reduce<State>((state, each) => (each.type === 'case_statement' ? over(each.named.filter((child) => child.fieldName !== 'value'), join(state, head)) : walk(each, state)), null) ?? head;
	walk(fn.body, held(sites));
	return points;
}

const within = (sites: readonly Site[], node: CNode): readonly Site[] => sites.filter(({ start }) => start >= node.start && start < node.end);

/** What is released before it is taken was held already. */
function held(sites: readonly Site[]): ReadonlyMap<string, number> {
	const first = new Map<string, Site>();
	for (const site of sites) {
		const lock = nameOf(site);
		if (lock && !first.has(lock)) first.set(lock, site);
	}
	return new Map([...first].flatMap(([lock, site]) => (takes(site) || site.row?.effect === 'trylock' ? [] : [[lock, HERE_ALREADY]])));
}

/** Stands for interrupts, or softirqs, that are off, among the locks that are held. */
export const KEPT_OFF: Readonly<Record<string, 'hardirq' | 'softirq'>> = { 'interrupts off': 'hardirq', 'softirqs off': 'softirq' };

function nameOf(site: Site): string | null {
	const { row } = site;
	if (row?.effect === 'context') return Object.keys(KEPT_OFF).find((name) => KEPT_OFF[name] === row.which) ?? null;
	return lockOf(site);
}

const takes = ({ row }: Site): boolean => row?.effect === 'lock' || row?.effect === 'rcu-lock' || (row?.effect === 'context' && row.delta > 0);

/** `got`: what is only tried is got. */
function after(sites: readonly Site[], state: State, got = false): State {
	if (!state) return null;
	const next = new Map(state);
	for (const site of sites) {
		const lock = nameOf(site);
		if (!lock || (site.row?.effect === 'trylock' && !got)) continue;
		if (takes(site) || got) next.set(lock, next.get(lock) ?? site.start);
		else next.delete(lock);
	}
	return next;
}

function join(one: State, other: State): State {
	if (!one || !other) return one ?? other;
	return new Map([...one].filter(([lock, section]) => other.get(lock) === section));
}
