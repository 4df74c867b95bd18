import type { ContextKind } from '../../../sim';
import type { RoleRow } from '../../knowledge/role-row';
import { parseType } from '../../lower/values/ctype';
import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import { RUNS_BOUND } from '../../lower/program';
import { assignedSlots } from './assigned-slots';
import { comesLast, startsOthers } from './comes-last';
import { environmentWords } from '../names/called';
import { heldByCallers } from './held-by-callers';
import type { Models } from '../sides/sources';
import { isEntry, isStatic, rootsOf, type Side } from '../sides/side';

/** Marks of functions that run while a module is loaded, or while it is taken out. */
const OF_A_MODULE = { __init: 'module.init', __exit: 'module.exit' } as const;

/** By the function that fills them. */
const slots = new WeakMap<Side, ReadonlyMap<string, readonly string[]>>();

/** The operations slots that a function fills in these files: `vm_operations_struct.fault`. */
export function slotsOf(side: Side, name: string): readonly string[] {
	const known = slots.get(side) ?? slotsIn(side);
	slots.set(side, known);
	return known.get(name) ?? [];
}

function slotsIn(side: Side): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, Set<string>>();
	for (const [name, { fn }] of side.functions) {
		for (const [mark, slot] of Object.entries(OF_A_MODULE)) if (fn.annotations.includes(mark)) found.set(name, new Set([slot]));
	}
	// Of hunks: what the whole files fill.
	const whole = side.entire?.() ?? side;
	for (const file of whole.files) {
		for (const { struct, field, value } of file.source.parsed.initialisers) {
			const name = value.replace(/^&/, '');
			found.set(name, (found.get(name) ?? new Set()).add(`${struct.replace(/^struct\s+/, '')}.${field}`));
		}
	}
	for (const { slot, name } of assignedSlots(whole)) found.set(name, (found.get(name) ?? new Set()).add(slot));
	return new Map([...found].map(([name, filled]) => [name, [...filled]]));
}

const plain = (text: string): string => {
	const type = parseType(text);
	return `${type.base}${'*'.repeat(type.pointer)}`;
};

/** What a function returns and takes. */
interface Shape {
	readonly returns: string;
	readonly params: readonly string[];
}

/** `irqreturn_t (int, void *)`, read. */
function shapeOf(role: string): Shape | null {
	const [, returns, params = ''] = /^(.*?)\s*\(([^()]*)\)$/.exec(role) ?? [];
	return returns === undefined ? null : { returns: plain(returns), params: params.split(',').map((each) => each.trim()).filter((each) => each && each !== 'void').map(plain) };
}

/** Rows are read once: each function is held against all of them. */
const shapes = new WeakMap<RoleRow, Shape | null>();
const endings = new WeakMap<RoleRow, readonly { readonly suffix: string; readonly shape: Shape | null }[]>();

/** What a definition's own head says, read once for all rows. */
const own = new WeakMap<Definition, Shape>();

function shapeOfDefinition(definition: Definition): Shape {
	const { returns, params } = definition.fn;
	const shape = own.get(definition) ?? { returns: plain(returns), params: params.map(({ type }) => plain(type)) };
	own.set(definition, shape);
	return shape;
}

function fits(shape: Shape | null, definition: Definition): boolean {
	const { returns, params } = shapeOfDefinition(definition);
	return shape !== null && shape.returns === returns && shape.params.length === params.length && shape.params.every((param, index) => param === params[index]);
}

/** `irqreturn_t (int, void *)` against a definition's own signature. */
function hasSignature(row: RoleRow, definition: Definition): boolean {
	if (!row.role.includes('(')) return false;
	const known = shapes.get(row);
	const shape = known === undefined ? shapeOf(row.role) : known;
	shapes.set(row, shape);
	return fits(shape, definition);
}

/** `void %_start_tx(struct uart_port *)`: the name ends so as well. */
function isDeclaredBy(row: RoleRow, definition: Definition): boolean {
	if (!row.declared) return false;
	const known = endings.get(row) ?? row.declared.flatMap((declared) => {
		const [, returns = '', suffix = '', taken = ''] = /^(.*?)\s*%(_\w+)(\(.*\))$/.exec(declared) ?? [];
		return suffix === '' ? [] : [{ suffix, shape: shapeOf(`${returns} ${taken}`) }];
	});
	endings.set(row, known);
	return known.some(({ suffix, shape }) => definition.fn.name.endsWith(suffix) && fits(shape, definition));
}

interface Role {
	readonly row: RoleRow;
	readonly slot: string;
}

const roles = new WeakMap<Side, WeakMap<Definition, Role | null>>();

/** Who calls the function: by its operations slot, else by its name and signature, else by its signature alone. */
export function roleOf(side: Side, definition: Definition): Role | null {
	const ofSide = roles.get(side) ?? new WeakMap<Definition, Role | null>();
	roles.set(side, ofSide);
	let role = ofSide.get(definition);
	if (role === undefined) {
		role = findRole(side, definition);
		ofSide.set(definition, role);
	}
	return role;
}

const heads = new WeakMap<readonly RoleRow[], WeakMap<Definition, RoleRow | undefined>>();

/** The row of the definition's name and signature, else of its signature alone: looked for once, also for later reviews. */
function byHead(roles: readonly RoleRow[], definition: Definition): RoleRow | undefined {
	const known = heads.get(roles) ?? new WeakMap<Definition, RoleRow | undefined>();
	heads.set(roles, known);
	if (!known.has(definition)) known.set(definition, roles.find((each) => isDeclaredBy(each, definition)) ?? roles.find((each) => hasSignature(each, definition)));
	return known.get(definition);
}

function findRole(side: Side, definition: Definition): Role | null {
	const { roles } = side.sources.table;
	const filled = slotsOf(side, definition.fn.name);
	for (const of of [(slot: string) => slot, (slot: string) => slot.replace(/\.\w+$/, '.*')]) {
		for (const slot of filled) {
			const row = roles.find((each) => each.role === of(slot));
			if (row) return { row, slot };
		}
	}
	const row = byHead(roles, definition);
	if (row?.declared && isDeclaredBy(row, definition)) return { row, slot: row.slot ?? row.role };
	return row ? { row: row.context === 'hardirq' && sleeps(side, definition) ? { ...row, context: 'task' } : row, slot: row.slot ?? row.role } : null;
}

/** Calls into which is looked for what sleeps. */
const SLEEPS_BOUND = 2;

/** Lines that the patch leaves alone sleep, also in what they call, or by a guard: a handler that runs in a thread of its own. */
function sleeps(side: Side, { fn, file }: Definition, depth = SLEEPS_BOUND): boolean {
	const { rows, guards } = side.sources.table;
	const is = (api: string | undefined): boolean => {
		const row = api === undefined ? undefined : rows.get(api);
		if (row) return row.sleeps === true && row.gfp === undefined && !row.partial;
		const callee = api === undefined || depth === 0 || api === fn.name ? undefined : side.functions.get(api);
		return callee !== undefined && sleeps(side, callee, depth - 1);
	};
	return fn.body.text.split('\n').some((text, index) => !file.place(fn.body.line + index).changed && [...text.matchAll(/\b([a-z_]\w*)\s*\(\s*(\w*)/g)]
		.some(([, api = '', first = '']) => is(/^(?:scoped_)?guard$/.test(api) ? guards.get(first)?.acquire : api)));
}

/** One of them runs when nobody uses the object any more, or when nobody can yet, and the other is such a use: a driver's `->remove` comes after a `->probe` that has succeeded. */
export function neverMeet(side: Side, a: string, b: string): boolean {
	const rows = [a, b].map((name) => {
		const definition = side.functions.get(name);
		return definition ? roleOf(side, definition)?.row : undefined;
	});
	const structs = rows.map((row) => row?.role.split('.')[0]);
	if (a !== b && structs[0] === structs[1] && rows.some((row) => row?.alone === 'among' || row?.alone === 'before')) return true;
	if (rows.some((row, index) => row?.ends?.includes(structs[1 - index] ?? '') === true)) return true;
	if (a !== b && [[a, b], [b, a]].some(([one = '', other = '']) => comesLast(side, one) && contextOf(side, other) === 'task' && !startsOthers(side, other))) return true;
	return a !== b && rows.every((row) => row?.context === 'task') && rows.some((row) => row?.alone === 'after' || row?.alone === 'before');
}

/** Contexts that a call takes with it, whatever is called. */
export const INTERRUPTS: ReadonlySet<ContextKind> = new Set(['hardirq', 'softirq', 'timer']);

/** In what context the function is entered, as far as anything registers it or a role says so; one that only interrupts call, all of them of a kind, is entered in theirs. */
export function contextOf(side: Side, name: string, definition = side.functions.get(name)): ContextKind {
	const own = ownContext(side, name, definition);
	if (own !== undefined) return own;
	const [first = 'task', ...others] = enteredIn(side, name, new Set());
	return INTERRUPTS.has(first) && others.every((other) => other === first) ? first : 'task';
}

/** What registers the function, or its role, says; undefined where only its callers tell. */
function ownContext(side: Side, name: string, definition: Definition | undefined): ContextKind | undefined {
	const registered = side.registrations().find((each) => each.callback === name);
	const own = registered?.context ?? (definition ? roleOf(side, definition)?.row.context : undefined);
	return own ?? (isEntry(side, name) ? 'task' : undefined);
}

/** The contexts of those by whom the function is entered in the end; functions that call each other are asked once. */
function enteredIn(side: Side, name: string, asked: Set<string>): readonly ContextKind[] {
	asked.add(name);
	return rootsOf(side, name).flatMap((root): readonly ContextKind[] => {
		if (root === name) return ['task'];
		const own = ownContext(side, root, side.functions.get(root));
		return own !== undefined ? [own] : asked.has(root) ? [] : enteredIn(side, root, asked);
	});
}

/** The thread that runs this function. */
export function partyOf(side: Side, models: Models, name: string, index: number): Party | null {
	const definition = side.functions.get(name) ?? side.sources.model(name) ?? side.sources.elsewhere(name, side.files[0]?.image.path ?? '');
	if (!definition) return null;
	const registration = side.registrations().find((each) => each.callback === name);
	const role = roleOf(side, definition);
	const caller = role?.row.caller ? models.functions.get(role.row.caller) : undefined;
	const holds = registration ? [] : heldByCallers(side, name) ?? [];
	const context = contextOf(side, name, definition);
	const called = environmentWords(definition.fn);
	return {
		name: `CPU${index}`, entry: name, definition, context,
		...(role ? { role: role.row } : {}),
		...(holds.length > 0 ? { holds } : {}),
		...(caller && role && !registration ? { caller: { definition: caller, slot: role.slot } } : {}),
		start: registration && (registration.context === 'work' || registration.context === 'timer') ? 'pending' : 'ready',
		runs: registration ? RUNS_BOUND : 1, ...(registration ? { key: registration.key, registration } : {}),
		modelled: definition.file.modelled, ...(called === undefined ? {} : { called }), callback: side.referenced.has(name) && !registration,
		...(side.functions.has(name) && rootsOf(side, name).every((root) => calledElsewhere(side, root)) ? { strangers: true } : {}),
	};
}

/** By its name, from another file: nothing registers it, and no role says who calls it. */
function calledElsewhere(side: Side, name: string): boolean {
	const definition = side.functions.get(name);
	return definition !== undefined && !isStatic(side, name) && !side.referenced.has(name) && !side.registrations().some(({ callback }) => callback === name) && !roleOf(side, definition);
}

/** Function bound to its slot, so that the caller's model finds it. */
export const bindingsOf = (parties: readonly Party[]): ReadonlyMap<string, string> =>
	new Map(parties.flatMap((party) => (party.caller ? [[party.caller.slot, party.entry] as const] : [])));
