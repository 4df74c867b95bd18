import type { Lowering } from '../lowering';
import type { Place, Val } from '../values/value';
import { type CType, known, parseType, UNKNOWN } from '../values/ctype';
import { nameUses } from './name-uses';
import { lookup, within } from '../values/scope';
import type { CNode } from '../../parse/source';

/** A name that elided code declares: a local of the fragment, its value what the elided code left there. */
export function elidedLocal(l: Lowering, name: string): Place | null {
	const { frame } = l;
	if (!frame.fn || frame.file.modelled) return null;
	const uses = nameUses(frame.fn);
	// Of a hunk's header git shows no more than 80 characters: parameters may be out of sight.
	const cut = frame.fn.named === 'hunk header' && uses.isPointedThrough(name);
	if (!(frame.fn.headElided || frame.fn.gaps.length > 0 || cut) || l.sources.global(name) || uses.isObject(name)) return null;
	const names = l.facts.elided.get(frame.id) ?? new Map<string, CType>();
	if (!names.has(name)) {
		const iterated = uses.iteratedType(name);
		const usual = iterated ? parseType(`struct ${iterated} *`) : uses.isLocksPlace(name) ? parseType('spinlock_t **') : l.conventional(name);
		l.facts.elided.set(frame.id, names);
		learn(l, frame.id, name, known(usual) || !(uses.isPointedThrough(name) || uses.isEntry(name)) ? usual : parseType(`${madeUp(name, frame.file.path)} *`));
	}
	const local = l.declare(name, names.get(name) ?? UNKNOWN);
	return { kind: 'register', local };
}

/** What the name of a struct is that nobody declares, behind the variable's. */
const NAMED_BY = '__in__';

/** The struct of a pointer whose declaration nobody sees: the same for every function of the folder that uses the name. */
export const madeUp = (name: string, path: string): string => `struct ${name}${NAMED_BY}${path.split('/').slice(-2, -1).map((folder) => folder.replace(/\W/g, '_')).join('')}`;

const CALLED_BY = new RegExp(String.raw`\*?~?(\w+?)${NAMED_BY}\w*(\/?)`, 'g');

export const isMadeUp = (struct: string): boolean => struct.includes(NAMED_BY);

/** Text of ours in which such structs are called by their variables. */
export const byVariable = (text: string): string => (isMadeUp(text) ? text.replace(CALLED_BY, (_, name: string, leads: string) => `${name}${leads ? '->' : ''}`) : text);

/** The next pass declares it so from the function's beginning on. */
function learn(l: Lowering, frame: string, name: string, type: CType): void {
	l.facts.elided.get(frame)?.set(name, type);
	l.world.changed = true;
}

/** A variable of elided type that is dereferenced: it points at one thing of its name. */
export function pointsSomewhere(l: Lowering, name: string): void {
	const local = lookup(l, name);
	if (local?.kind === 'argument') {
		// `arg0->lock` of a row: the variable that is passed.
		if (local.node.type === 'identifier' && local.node.text !== name) within(l, local.frame, () => pointsSomewhere(l, local.node.text));
		return;
	}
	const names = l.facts.elided.get(l.frame.id);
	if (!names?.has(name) || known(names.get(name))) return;
	learn(l, l.frame.id, name, parseType(`${madeUp(name, l.frame.file.path)} *`));
}

/** A variable of elided type that is compared with a pointer is one of the same type. */
export function alikeTyped(l: Lowering, node: CNode, val: Val, other: Val): void {
	if (node.type !== 'identifier' || known(val.type) || !known(other.type) || other.type.pointer === 0) return;
	const names = l.facts.elided.get(l.frame.id);
	if (!names?.has(node.text) || known(names.get(node.text))) return;
	learn(l, l.frame.id, node.text, other.type);
}

/** Nobody has told its type, or it is called after its variable for want of a name. */
const isNameless = (type: CType): boolean => !known(type) || isMadeUp(type.base);

/** What a field of a struct that nobody shows is loaded as, that it is. */
export function loadedAs(l: Lowering, type: CType, val: Val): void {
	if (val.unknown?.startsWith('l:') && isNameless(val.type) && type.pointer === 1 && type.struct && known(type)) elidedIs(l, type, val.unknown);
	if (!val.unknown?.startsWith('f:') || known(val.type) || type.pointer !== 1 || !type.struct || !known(type)) return;
	const [owner, member, ...deeper] = val.unknown.slice(2).split('.');
	if (owner && member && !deeper.length && !member.startsWith('__')) l.world.field(owner, member, val.element ? { ...type, array: true } : type);
}

/** A variable of elided type that is taken for a pointer to this is one. */
export function elidedIs(l: Lowering, type: CType, unknown: string): void {
	const [, frame = '', name = ''] = /^l:\d+:(.*):(\w+)$/.exec(unknown) ?? [];
	const names = l.facts.elided.get(frame);
	const before = names?.get(name);
	if (!names?.has(name) || (before && !isNameless(before)) || isMadeUp(type.base)) return;
	learn(l, frame, name, type);
}
