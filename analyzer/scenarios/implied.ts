import type { ContextKind } from '../../sim';
import type { Row } from '../knowledge/row';
import type { Definition } from '../lower/lowering';
import type { Party } from '../lower/party';
import { madeUp, isPointedThrough } from '../lower/place';
import type { CNode, CParser } from '../parse';
import { callsOf, type RowCall } from './row-calls';
import { roleOf } from './roles';
import type { Scenario } from './scenario';
import type { Side } from './side';

/**
 * Partners that nobody shows but the change itself speaks of: a cancel speaks of what it cancels, interrupts that are now disabled
 * of an interrupt that takes the lock, a grace period of a reader, a reference taken only above zero of the last drop. Each is a
 * thread in C, made from the change's own expressions, that keeps to the protocol of the post-image; each is a stated assumption.
 */
export function implied(parser: CParser, pre: Side | null, post: Side | null, shown: ReadonlySet<string>): readonly Scenario[] {
	if (!pre || !post) return [];
	return post.changed.flatMap((name) => {
		const [before, after] = [pre.functions.get(name), post.functions.get(name)];
		if (!before || !after || !before.fn.body || shown.has(name)) return [];
		const change: Change = {
			parser, name, pre, post, before, after, removed: only(callsOf(before, pre), callsOf(after, post)), added: only(callsOf(after, post), callsOf(before, pre)),
			all: callsOf(after, post),
		};
		const waits = [...cancelled(change), ...grace(change), ...lastDrop(change)];
		// Where the whole function is in sight, so is what it may be called under.
		const partial = after.fn.headElided || after.fn.tailElided || after.fn.gaps.length > 0;
		return partial ? [...interrupt(change), ...waits, ...lookup(change), ...givesUp(change), ...atomic(change), ...protocol(change)] : waits;
	});
}

interface Change {
	readonly parser: CParser;
	readonly name: string;
	readonly pre: Side;
	readonly post: Side;
	readonly before: Definition;
	readonly after: Definition;
	/** Calls of known APIs that only one side has. */
	readonly removed: readonly RowCall[];
	readonly added: readonly RowCall[];
	readonly all: readonly RowCall[];
}

const only = (own: readonly RowCall[], other: readonly RowCall[]): readonly RowCall[] => {
	const rest = other.map((call) => call.text);
	return own.filter((call) => {
		const at = rest.indexOf(call.text);
		if (at >= 0) rest.splice(at, 1);
		return at < 0;
	});
};

/** Variables of an expression with the declarations that make them a thread's parameters. */
function parameters({ after, before, post }: Change, expressions: readonly string[]): string {
	const names = new Set(expressions.flatMap((text) => [...text.replace(/(->|\.)\s*\w+/g, '').matchAll(/[A-Za-z_]\w*(?!\w*\s*\()/g)].map((match) => match[0])));
	return [...names].flatMap((name) => {
		const type = typeOf(name, after) ?? typeOf(name, before) ?? conventional(name, post) ?? (isPointedThrough(name, after.fn.body.text) ? `${madeUp(name)} *` : undefined);
		return type ? [`${type}${name}`] : [];
	}).join(', ');
}

function typeOf(name: string, { fn }: Definition): string | undefined {
	const param = fn.params.find((each) => each.name === name);
	if (param) return `${param.type} `;
	const declared = new RegExp(`\\b(struct\\s+\\w+\\s*\\*+|[a-z_]\\w*_t\\s+\\*?)\\s*(?:\\w+(?:\\s*=[^,;]*)?,\\s*\\*?)*${name}\\b`).exec(fn.body.text);
	return declared ? `${declared[1]} ` : undefined;
}

function conventional(name: string, side: Side): string | undefined {
	const type = side.sources.conventional(name);
	return type && type.pointer > 0 ? `struct ${type.base} ${'*'.repeat(type.pointer)}` : undefined;
}

function thread(change: Change, name: string, text: string): Definition | null {
	const parsed = change.parser.parseFile(text);
	const fn = parsed.functions.find((each) => each.name === name);
	if (!fn) return null;
	return { fn, file: { path: change.after.file.path, parsed, modelled: true, place: () => ({ file: 0, input: 0, column: 0, changed: false }) } };
}

function own(change: Change, definition: Definition, side: Side): Party {
	const role = roleOf(side, definition);
	return {
		name: 'CPU0', entry: change.name, definition, context: role?.row.context ?? 'task', ...(role ? { role: role.row } : {}), start: 'ready', runs: 1, modelled: false,
	};
}

interface Other {
	readonly definition: Definition;
	readonly context: ContextKind;
	readonly start?: Party['start'];
	readonly key?: string;
}

function against(change: Change, other: Other, reason: string, wrap?: Definition): Scenario {
	const partner: Party = {
		name: 'CPU1', entry: other.definition.fn.name, definition: other.definition, context: other.context, start: other.start ?? 'ready', runs: 1, modelled: true,
		...(other.key ? { key: other.key } : {}),
	};
	const side = (definition: Definition, of: Side): readonly Party[] => [wrap ? { ...own(change, definition, of), definition: wrap } : own(change, definition, of), partner];
	return {
		because: 'environment', reason, pre: side(change.before, change.pre), post: side(change.after, change.post), entries: [change.name, other.definition.fn.name],
		claimed: false, weight: 30,
	};
}

const STRICTER: Readonly<Record<string, ContextKind>> = { off: 'hardirq', save: 'hardirq', 'bh-off': 'softirq' };

/** The lock is now taken with interrupts off: an interrupt takes it. */
function interrupt(change: Change): readonly Scenario[] {
	return change.added.flatMap((call) => {
		const { row } = call;
		const context = row.effect === 'lock' ? STRICTER[row.irq ?? ''] : undefined;
		const weaker = change.removed.find((other) => other.row.effect === 'lock' && other.args[0] === call.args[0] && (other.row.irq ?? 'none') === 'none');
		if (!context || !weaker || row.effect !== 'lock' || row.kind !== 'spin') return [];
		const lock = call.args[0] ?? '';
		const name = context === 'hardirq' ? 'an_interrupt' : 'a_softirq';
		const definition = thread(change, name, `void ${name}(${parameters(change, [lock])})\n{\n\tspin_lock(${lock});\n\tspin_unlock(${lock});\n}\n`);
		return definition ? [against(change, { definition, context }, `${call.api}() instead of ${weaker.api}() speaks of ${context === 'hardirq' ? 'an interrupt' : 'a softirq'} that takes ${lock}`)] : [];
	});
}

/** Names of functions after which the object is gone. */
const TEARDOWN = /(^|_)(remove|disconnect|exit|release|destroy|free|uninit|uninitialize|shutdown|detach|deinit|cleanup|del|delete|teardown|unregister|unbind|fini|close|stop|kill|put|down|purge|drop|dtor|unload|fail|failed)(_|$|\d)/;
const WAITS: ReadonlySet<Row['effect']> = new Set(['cancel', 'flush']);
const CONTEXTS: readonly (readonly [RegExp, ContextKind])[] = [[/timer/, 'timer'], [/irq/, 'hardirq'], [/tasklet/, 'softirq'], [/kthread_stop/, 'task']];

/** The change now waits for something asynchronous: that may still run, and it uses the object that goes away. */
function cancelled(change: Change): readonly Scenario[] {
	return change.added.flatMap((call) => {
		if (!WAITS.has(call.row.effect) || (call.row.effect === 'cancel' && !call.row.wait)) return [];
		const object = call.args[0] ?? '';
		const member = /^&?\s*\(?\s*([\w.>()-]+?)\s*(?:->|\.)\s*([\w.]+)\s*\)?$/.exec(object);
		const base = member?.[1]?.trim();
		if (!member || !base || !/^[A-Za-z_]\w*$/.test(base)) return [];
		const declared = parameters(change, [base]);
		const struct = /struct\s+(\w+)/.exec(declared)?.[1];
		if (!struct) return [];
		const inner = /^arg0->([\w.]+)$/.exec('at' in call.row ? call.row.at : '')?.[1];
		const key = `${struct}.${member[2]}${inner ? `.${inner}` : ''}`;
		const known = change.post.registrations().find((each) => each.key === key);
		if (known && change.post.functions.has(known.callback)) return [];
		const context = CONTEXTS.find(([name]) => name.test(call.api))?.[1] ?? 'work';
		const callback = thread(change, 'its_callback', `void its_callback(${declared})\n{\n\t${base}->__used_by_callback;\n\t${base}->__used_by_callback;\n}\n`);
		if (!callback) return [];
		const frees = freesVisibly(change.after.fn.body, base);
		const gone = !frees && TEARDOWN.test(change.name) ? wrapper(change, base, declared) : undefined;
		if (!frees && !gone) return [];
		return [against(change, { definition: callback, context, start: 'pending', key },
			`${call.api}(${object}) speaks of a callback that may still run and uses ${base}${gone ? `, which goes away after ${change.name}()` : ''}`, gone ?? undefined)];
	});
}

const freesVisibly = (body: CNode, base: string): boolean => new RegExp(`\\b(k[vz]?free\\w*|free_netdev|put_device|kmem_cache_free)\\s*\\([^;]*\\b${base}\\b`).test(body.text);

/** The function, and then its object is freed. */
function wrapper(change: Change, base: string, declared: string): Definition | null {
	const { fn } = change.after;
	const params = fn.params.filter((each) => each.name).map((each) => `${each.type} ${each.name}`);
	const extra = fn.params.some((each) => each.name === base) ? [] : [declared];
	return thread(change, 'and_then_it_is_freed', `void and_then_it_is_freed(${[...params, ...extra].join(', ')})\n{\n\t${change.name}(${fn.params.map((each) => each.name).join(', ')});\n\tkfree(${base});\n}\n`);
}

/** The object is now freed only after a grace period: a reader may still hold it. */
function grace(change: Change): readonly Scenario[] {
	return change.added.flatMap((call) => {
		const effect = call.row.effect;
		if (effect !== 'free-rcu' && effect !== 'rcu-sync' && effect !== 'rcu-call') return [];
		const freed = change.all.find((each) => each.row.effect === 'free') ?? change.removed.find((each) => each.row.effect === 'free');
		const base = (effect === 'free-rcu' ? call.args[0] : (freed?.args.at(-1) ?? call.args[0]?.replace(/^&\s*/, '').replace(/(->|\.).*$/, '')))?.trim();
		if (!base || !/^[A-Za-z_]\w*$/.test(base)) return [];
		const declared = parameters(change, [base]);
		if (declared === '') return [];
		const reader = thread(change, 'an_rcu_reader', `void an_rcu_reader(${declared})\n{\n\trcu_read_lock();\n\tif (!${base}->__unpublished) {\n\t\t${base}->__read_by_reader;\n\t\t${base}->__read_by_reader;\n\t}\n\trcu_read_unlock();\n}\n`);
		const { fn } = change.after;
		const params = fn.params.filter((each) => each.name).map((each) => `${each.type} ${each.name}`);
		const extra = fn.params.some((each) => each.name === base) ? [] : [declared];
		const updater = thread(change, 'unpublished_before', `void unpublished_before(${[...params, ...extra].join(', ')})\n{\n\t${base}->__unpublished = 1;\n\t${change.name}(${fn.params.map((each) => each.name).join(', ')});\n}\n`);
		return reader && updater ? [against(change, { definition: reader, context: 'task' }, `${call.api}() speaks of readers under rcu_read_lock() that found ${base} before it was taken out`, updater)] : [];
	});
}

/** A reference is now taken only above zero: the last one may be dropped meanwhile. */
function lastDrop(change: Change): readonly Scenario[] {
	return change.added.flatMap((call) => {
		if (call.row.effect !== 'get-unless-zero') return [];
		const weaker = change.removed.find((other) => other.row.effect === 'get' || (other.row.effect === 'rmw' && other.row.alu === 'add'));
		const count = call.args[0] ?? '';
		if (!weaker || !/^&/.test(count)) return [];
		const definition = thread(change, 'the_last_put', `void the_last_put(${parameters(change, [count])})\n{\n\trefcount_dec_and_test(${count});\n}\n`);
		return definition ? [against(change, { definition, context: 'task' }, `${call.api}() instead of ${weaker.api}() speaks of a last reference that is dropped meanwhile`)] : [];
	});
}

/** The look-up and its reference are now under a lock: who takes the object out holds that lock, and then drops the last reference. */
function lookup(change: Change): readonly Scenario[] {
	const { text } = change.after.fn.body;
	return change.added.flatMap((call) => {
		if (call.row.effect !== 'lock') return [];
		const lock = call.args[0] ?? '';
		const release = change.all.find((each) => each.row.effect === 'unlock' && each.args[0] === lock);
		return change.all.flatMap((get) => {
			const count = get.args[0] ?? '';
			const object = /^&?\s*([A-Za-z_]\w*)\b/.exec(count)?.[1];
			if ((get.row.effect !== 'get' && get.row.effect !== 'get-unless-zero') || !object || !release) return [];
			const source = new RegExp(`\\b${object}\\s*=\\s*([A-Za-z_][\\w.>\\[\\]-]*)\\s*;`).exec(text)?.[1];
			if (!source || !/->|\[|\./.test(source)) return [];
			const declared = parameters(change, [lock, source]);
			const type = typeOf(object, change.after);
			if (!type) return [];
			const drop = count.startsWith('&') ? `refcount_dec_and_test(${count})` : '1';
			const definition = thread(change, 'who_takes_it_out', `void who_takes_it_out(${declared})\n{\n\t${type} ${object};\n\n\t${call.api}(${call.args.join(', ')});\n\t${object} = ${source};\n\t${source} = NULL;\n\t${release.api}(${release.args.join(', ')});\n\tif (${object} && ${drop})\n\t\tkfree(${object});\n}\n`);
			return definition ? [against(change, { definition, context: 'task' }, `${call.text} around the look-up of ${object} speaks of code that takes it out of ${source} under the same lock and drops it`)] : [];
		});
	});
}

/** The lock is now given up around a call: what is called comes back for it. */
function givesUp(change: Change): readonly Scenario[] {
	const { body } = change.after.fn;
	return change.added.flatMap((call) => {
		if (call.row.effect !== 'unlock') return [];
		const lock = call.args[0] ?? '';
		const again = change.added.find((each) => each.row.effect === 'lock' && each.args[0] === lock && each.line > call.line);
		if (!again) return [];
		const between = callsBetween(body, call.line, again.line).filter((name) => !change.post.sources.table.rows.has(name) && !change.post.functions.has(name));
		const [callee] = between;
		if (!callee) return [];
		const declared = parameters(change, [lock]);
		const definition = thread(change, callee, `void ${callee}(${declared})\n{\n\t${again.api}(${again.args.join(', ')});\n\t${call.api}(${call.args.join(', ')});\n}\n`);
		if (!definition) return [];
		// Its parameters are the lock's owners, not the call's arguments.
		const standIn = { ...definition, fn: { ...definition.fn, params: [] } };
		return [{
			because: 'environment' as const, reason: `giving ${lock} up around ${callee}() speaks of ${callee}() coming back for it`,
			pre: [own(change, change.before, change.pre)], post: [own(change, change.after, change.post)], entries: [change.name], claimed: false, weight: 28,
			overrides: new Map([[callee, standIn]]),
		}];
	});
}

function callsBetween(body: CNode, from: number, to: number): readonly string[] {
	const found: string[] = [];
	const walk = (node: CNode): void => {
		if (node.type === 'call_expression' && node.line > from && node.line < to) found.push(node.field('function')?.text ?? '');
		for (const child of node.named) walk(child);
	};
	walk(body);
	return found.filter((name) => /^[A-Za-z_]\w*$/.test(name));
}

const DELAYS = /^(m|u|n)delay$/;
const MAY_SLEEP: ReadonlySet<Row['effect']> = new Set(['might-sleep', 'none', 'schedule']);

/** What slept no longer does: the code runs where it must not. */
function atomic(change: Change): readonly Scenario[] {
	const gfp = change.removed.find((call) => call.row.gfp !== undefined && change.added.some((each) => each.api === call.api && /GFP_(ATOMIC|NOWAIT)/.test(each.args[call.row.gfp ?? 0] ?? '')) && !/GFP_(ATOMIC|NOWAIT)/.test(call.args[call.row.gfp ?? 0] ?? ''));
	const sleep = change.removed.find((call) => call.row.sleeps === true && MAY_SLEEP.has(call.row.effect)) && change.added.find((call) => DELAYS.test(call.api));
	const mutex = change.removed.find((call) => call.row.effect === 'lock' && call.row.kind === 'mutex') && change.added.find((call) => call.row.effect === 'lock' && call.row.kind === 'spin');
	const why = gfp ?? sleep ?? mutex;
	if (!why) return [];
	const { fn } = change.after;
	const params = fn.params.filter((each) => each.name).map((each) => `${each.type} ${each.name}`);
	const definition = thread(change, 'in_atomic_context', `void in_atomic_context(${params.join(', ')})\n{\n\tpreempt_disable();\n\t${change.name}(${fn.params.map((each) => each.name).join(', ')});\n\tpreempt_enable();\n}\n`);
	if (!definition) return [];
	const side = (of: Definition, image: Side): readonly Party[] => [{ ...own(change, of, image), definition }];
	return [{
		because: 'environment', reason: `the change of ${why.text} speaks of ${change.name}() being called in atomic context`,
		pre: side(change.before, change.pre), post: side(change.after, change.post), entries: [change.name], claimed: false, weight: 27,
	}];
}

/** The change takes a lock it did not take, or in another order: other code keeps to that already. */
function protocol(change: Change): readonly Scenario[] {
	const locks = change.added.filter((call) => call.row.effect === 'lock');
	if (locks.length === 0) return [];
	const partner: Party = { ...own(change, change.after, change.post), name: 'CPU1', modelled: false };
	return [{
		because: 'environment', reason: `${change.name}() against code that keeps to the locking it now adopts: ${[...new Set(locks.map((call) => call.text))].slice(0, 2).join(', ')}`,
		pre: [own(change, change.before, change.pre), partner], post: [own(change, change.after, change.post), partner], entries: [change.name, `${change.name} as it is after the patch`],
		claimed: false, weight: 25,
	}];
}
