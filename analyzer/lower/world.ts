import { type Cell, type ObjectDecl, POINTER_BASE } from '../../sim';
import type { StructSource } from '../parse/source';
import { type CType, isPointer, known, parseType, UNKNOWN } from './ctype';
import { Domains } from './domains';

/** A field of a type, as far as the code under review uses it. */
interface Field {
	readonly type: CType;
}

/** What the lowering asks about types; answered from the patch, the models and the tree. */
export interface TypeOracle {
	struct(name: string): StructSource | undefined;
	typedef(name: string): string | undefined;
	/** The name under which the type goes (a folio is a page). */
	canonicalName(name: string): string;
	typeStable(name: string): boolean;
	instances(name: string): number;
	/** A struct that the code under review defines itself: a file-scope variable of it is its one instance. */
	ours(name: string): boolean;
}

/** How an object begins: as the type's one instance, as another one of the type, or as memory that is yet to be filled. */
type Populated = 'first' | 'other' | 'blank';

/** The one object that holds the file-scope variables. */
export const GLOBALS = 'globals';
/** An entry of a list about whose entries nothing is known. */
const ENTRY = 'list_head';
/** What links objects: such a struct's pointers to its like are the container's, not another object's. */
const LINKS: ReadonlySet<string> = new Set(['list_head', 'hlist_node', 'hlist_head', 'llist_node', 'llist_head', 'rb_node', 'rcu_head', 'callback_head', 'xarray']);
/** An embedded struct inside an embedded struct … deeper than this is one cell. */
const EMBEDDING_BOUND = 6;

/**
 * The small world: one instance per struct type, laid out in flat memory with just the fields that the code uses.
 * Facts are gathered while lowering; `freeze` lays them out; the lowering then runs again with real offsets.
 */
export class World {
	readonly domains = new Domains();
	private readonly types = new Map<string, Map<string, Field>>();
	/** What a `void *` or container slot points at, by the cell's key. */
	readonly pointsTo = new Map<string, string>();
	/** Elements of a container, by its key: `foo.list` holds `bar` by its member `node`. */
	readonly elements = new Map<string, { readonly type: string; readonly member: string }>();
	/** `container_of(U *, S, m)` facts: U → S.m. */
	private readonly containers = new Map<string, Set<string>>();
	private readonly wanted = new Set<string>();
	private readonly parameters = new Map<string, { readonly owner: string; readonly member: string }>();
	/** Containers to which code adds an object that is there from the start: they begin without it. */
	private readonly emptied = new Set<string>();
	/** Containers that are asked whether they hold anything. */
	private readonly asked = new Set<string>();
	/** Types of which another object than the one instance exists: two parameters of the type, `parent` of the type itself. */
	private readonly paired = new Set<string>();
	/** Pointer fields of a struct whose objects the code releases, by struct and by what they point at: beyond the first, each has an object of its own. */
	private readonly owners = new Map<string, string[]>();
	/** Objects besides the canonical ones: pools of `alloc` sites, stack frames. */
	private readonly extra = new Map<string, { readonly type: string; readonly live: boolean; readonly name: string }>();
	/** Initial values of counts and the like, by key; overrides what would be inferred. */
	readonly initial = new Map<string, number>();
	private frozen = false;
	/** A fact came up after `freeze`: lower once more. */
	changed = false;

	private cells: Cell[] = [];
	private objects: ObjectDecl[] = [];
	private addresses = new Map<string, number>();
	private indices = new Map<string, number>();
	private embedders: Map<string, string[]> | null = null;
	private readonly offsets = new Map<string, Map<string, number>>();

	constructor(readonly oracle: TypeOracle) {}

	name(type: CType): string {
		const plain = this.oracle.canonicalName(type.base);
		if (type.struct) return plain;
		const aliased = this.oracle.typedef(plain);
		return aliased ? this.oracle.canonicalName(parseType(aliased).base) : plain;
	}

	/** What a pointer to a pointer points at: an array of such pointers, of one element. */
	indirect(type: CType): string {
		const element = { ...type, pointer: type.pointer - 1, array: false };
		const name = `${this.name({ ...type, pointer: 0 })}${'*'.repeat(element.pointer)}`;
		this.field(name, '', element);
		return name;
	}

	/** Type of the field, as declared or as told by `hint`; records that it is used. */
	field(owner: string, name: string, hint?: CType): CType {
		let fields = this.types.get(owner);
		if (!fields) {
			fields = new Map();
			this.types.set(owner, fields);
			this.fact();
		}
		const found = fields.get(name);
		if (found && (known(found.type) || !known(hint))) return found.type;
		const declared = name === '' ? undefined : this.oracle.struct(owner)?.members.find((member) => member.name === name);
		let type: CType = hint ?? UNKNOWN;
		if (declared) {
			const written = parseType(declared.type);
			type = { ...written, pointer: Math.max(written.pointer, declared.pointer), array: declared.array };
			if (!known(type) && known(hint)) type = { ...hint, array: declared.array };
		}
		fields.set(name, { type });
		// What the field was made to point at while nobody knew what it is.
		if (isPointer(type) && known(type) && this.pointsTo.get(`${owner}.${name}`)?.startsWith('~')) this.pointsTo.delete(`${owner}.${name}`);
		this.fact();
		return type;
	}

	/** What was taken for a part of its owner is an object of its own, behind a pointer: it is freed. */
	apart(key: string): void {
		const [owner = '', name = ''] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
		const found = this.types.get(owner)?.get(name)?.type;
		if (found?.base !== `~${key}` || found.pointer > 0) return;
		this.types.get(owner)?.set(name, { type: { base: `~${key}`, pointer: 1, struct: true } });
		this.fact();
	}

	private fact(): void {
		if (this.frozen) this.changed = true;
		this.embedders = null;
		this.offsets.clear();
	}

	/** Per type the structs that embed it, one for each field, until another fact comes up. */
	private embedding(type: string): readonly string[] {
		if (this.embedders === null) {
			this.embedders = new Map();
			for (const [owner, fields] of this.types) for (const [, field] of fields) {
				if (field.type.pointer !== 0) continue;
				const inner = this.name(field.type);
				const owners = this.embedders.get(inner);
				if (owners) owners.push(owner);
				else this.embedders.set(inner, [owner]);
			}
		}
		return this.embedders.get(type) ?? [];
	}

	want(type: string): void {
		if (!this.wanted.has(type)) {
			this.wanted.add(type);
			this.fact();
		}
	}

	container(embedded: string, owner: string, member: string): void {
		const places = this.containers.get(embedded) ?? new Set();
		if (places.has(`${owner}|${member}`)) return;
		this.containers.set(embedded, places.add(`${owner}|${member}`));
		this.field(owner, member, { base: embedded, pointer: 0, struct: true });
		this.fact();
	}

	element(key: string, type: string, member: string): void {
		const old = this.elements.get(key);
		if (old?.type === type && old.member === member) return;
		if (old) return;
		this.elements.set(key, { type, member });
		this.want(type);
		this.fact();
	}

	/** The entry's parameter points at the member of this struct. */
	placeParameter(parameter: string, owner: string, member: string): void {
		if (this.parameters.has(parameter)) return;
		this.parameters.set(parameter, { owner, member });
		this.fact();
	}

	/** What an entry's pointer parameter is at the start; undefined when its type tells. */
	parameter(parameter: string): number | undefined {
		const placed = this.parameters.get(parameter);
		if (placed) return this.canonical(placed.owner) + placed.member.split('.').reduce((at, part, index, parts) => at + this.offset(index === 0 ? placed.owner : this.name(this.types.get(placed.owner)?.get(parts[index - 1] ?? '')?.type ?? UNKNOWN), part), 0);
		const told = this.pointsTo.get(`p:${parameter}`);
		return told === undefined ? undefined : this.canonical(told);
	}

	/** Code puts an object that is there from the start into the container: it begins empty. */
	begins(container: string): void {
		if (this.emptied.has(container)) return;
		this.emptied.add(container);
		this.fact();
	}

	/** Code asks whether the container is empty. */
	eitherWay(container: string): void {
		if (this.asked.has(container)) return;
		this.asked.add(container);
		this.want(ENTRY);
		this.fact();
	}

	pointer(key: string, type: string): void {
		if (this.pointsTo.get(key) === type || this.pointsTo.has(key)) return;
		this.pointsTo.set(key, type);
		this.fact();
	}

	/** Offset of a field from its struct's first cell; 0 until frozen. */
	offset(owner: string, name: string): number {
		if (!this.frozen) return 0;
		let offsets = this.offsets.get(owner);
		if (!offsets) {
			offsets = new Map();
			let at = 0;
			for (const [field, { type }] of this.fieldsOf(owner)) {
				offsets.set(field, at);
				at += this.sizeOf(type, 1);
			}
			this.offsets.set(owner, offsets);
		}
		return offsets.get(name) ?? 0;
	}

	private fieldsOf(owner: string): [string, Field][] {
		const all = [...(this.types.get(owner) ?? [])];
		// The self cell (`*lock`) comes first, so that a pointer to the struct points at it.
		return [...all.filter(([name]) => name === ''), ...all.filter(([name]) => name !== '')];
	}

	private sizeOf(type: CType, depth: number): number {
		if (isPointer(type) || depth > EMBEDDING_BOUND) return 1;
		return this.sizeOfType(this.name(type), depth);
	}

	private sizeOfType(name: string, depth: number): number {
		let size = 0;
		for (const [, field] of this.fieldsOf(name)) size += this.sizeOf(field.type, depth + 1);
		return Math.max(1, size);
	}

	/** Where the one instance of the type lives: alone, or inside the one struct that embeds it. */
	private home(type: string): { readonly owner: string; readonly member: string } | undefined {
		const places = this.containers.get(type);
		if (places?.size !== 1) return undefined;
		if (this.embedding(type).length > 1) return undefined;
		const [owner = '', member = ''] = ([...places][0] ?? '').split('|');
		return owner && owner !== type && this.home(owner)?.owner !== type ? { owner, member } : undefined;
	}

	/** Pointer to the type's one instance. */
	canonical(type: string): number {
		this.want(type);
		if (!this.frozen) return POINTER_BASE;
		const home = this.home(type);
		if (home) return this.canonical(home.owner) + this.offset(home.owner, home.member);
		const address = this.addresses.get(type);
		if (address === undefined) {
			this.changed = true;
			return POINTER_BASE;
		}
		return address;
	}

	/** Pointer to another object of the type than its one instance. */
	other(type: string): number {
		this.want(type);
		const home = this.frozen ? this.home(type) : undefined;
		if (home) return this.other(home.owner) + this.offset(home.owner, home.member);
		if (!this.paired.has(type)) {
			this.paired.add(type);
			this.fact();
		}
		return this.addresses.get(`other ${type}`) ?? this.canonical(type);
	}

	/** The code releases what the field (`foo.rx_ring`) points at. Two such fields of a struct do not hold the same object. */
	owns(field: string, type: string): void {
		const group = `${field.slice(0, field.indexOf('.'))} ${type}`;
		const fields = this.owners.get(group) ?? [];
		if (fields.includes(field)) return;
		this.owners.set(group, [...fields, field]);
		if (fields.length > 0) this.fact();
	}

	/** The field points at an object of its own type. */
	private isRelative(owner: string, field: string, type: CType): boolean {
		return type.pointer === 1 && type.struct && !type.array && this.name(type) === owner && !field.startsWith('__') && !LINKS.has(owner) && this.home(owner) === undefined;
	}

	/** Index of a pool object or of a stack object's memory; asked for by a stable id of its place in the code. */
	private claim(id: string, type: string, live: boolean, name: string): void {
		if (this.extra.has(id)) return;
		this.extra.set(id, { type, live, name });
		this.fact();
	}

	pool(id: string, type: string): number {
		this.claim(`pool ${id}`, type, false, `new ${type}`);
		return this.indices.get(`pool ${id}`) ?? 0;
	}

	frame(id: string, type: string, name: string): number {
		this.claim(`frame ${id}`, type, true, name);
		return this.addresses.get(`frame ${id}`) ?? POINTER_BASE;
	}

	/** All instances of a type that exist from the start or may be allocated, as pointers. */
	instances(type: string): readonly number[] {
		if (!this.frozen) return [];
		return this.objects.filter((object) => object.type === type).map((object) => POINTER_BASE + object.first);
	}

	/** A struct of the code under review, or one that nobody shows, has a field, or an array, that points at such objects. */
	hasField(type: string): boolean {
		for (const [owner, fields] of this.types) {
			if (/^~|\*/.test(owner) || (this.oracle.struct(owner) !== undefined && !this.oracle.ours(owner))) continue;
			for (const [, field] of fields) if (field.type.pointer > 0 && this.name({ ...field.type, pointer: 0 }) === type) return true;
		}
		return false;
	}

	exists(type: string): boolean {
		return this.wanted.has(type) && this.types.has(type);
	}

	get layout(): { readonly cells: readonly Cell[]; readonly objects: readonly ObjectDecl[] } {
		return { cells: this.cells, objects: this.objects };
	}

	/** The type, and all that its objects may lie in. */
	around(type: string): ReadonlySet<string> {
		const found = new Set([type]);
		for (const inner of found) for (const outer of this.embedding(inner)) found.add(outer);
		return found;
	}

	/** Lays memory out from the facts gathered so far. */
	freeze(): void {
		this.frozen = true;
		this.changed = false;
		this.cells = [];
		this.objects = [];
		this.addresses = new Map();
		this.indices = new Map();
		const initials: (() => void)[] = [];
		// Pointees of pointer fields exist too; new ones turn up while we look.
		for (const type of this.wanted) {
			const home = this.home(type);
			if (home) this.wanted.add(home.owner);
			for (const [field, { type: declared }] of this.fieldsOf(type)) {
				const target = this.target(`${type}.${field}`, declared);
				if (target) this.wanted.add(target);
				if (this.isRelative(type, field, declared)) this.paired.add(type);
			}
		}
		for (const type of this.wanted) {
			if (this.home(type)) continue;
			this.addresses.set(type, this.place(type, type, true, 'first', initials));
			if (this.paired.has(type)) this.addresses.set(`other ${type}`, this.place(type, `other ${type}`, true, 'other', initials));
			const more = this.oracle.instances(type) - 1;
			for (let n = 0; n < more; n++) {
				this.addresses.set(`${type} ${n}`, this.place(type, `${type} ${String.fromCharCode(66 + n)}`, false, 'blank', initials));
				this.indices.set(`spare ${type} ${n}`, this.objects.length - 1);
			}
		}
		for (const [group, fields] of this.owners) {
			const type = group.slice(group.indexOf(' ') + 1);
			for (const field of fields.slice(1)) this.addresses.set(`of ${field} ${type}`, this.place(type, `${type} of ${field}`, true, 'other', initials));
		}
		for (const [id, { type, live, name }] of this.extra) {
			this.addresses.set(id, this.place(type, name, live, 'blank', initials));
			this.indices.set(id, this.objects.length - 1);
		}
		for (const set of initials) set();
	}

	/** Pool objects of a type that has several instances. */
	spares(type: string): readonly number[] {
		const found: number[] = [];
		for (let n = 0; n < this.oracle.instances(type) - 1; n++) {
			const index = this.indices.get(`spare ${type} ${n}`);
			if (index !== undefined) found.push(index);
		}
		return found;
	}

	/** Lays one object out; its cells' initial values are set when all addresses are known. */
	private place(type: string, name: string, live: boolean, populated: Populated, initials: (() => void)[]): number {
		const first = this.cells.length;
		const walk = (owner: string, path: string, key: string, depth: number): void => {
			const fields = this.fieldsOf(owner);
			if (fields.length === 0) this.cells.push({ name: path, initial: 0 });
			for (const [field, { type: fieldType }] of fields) {
				const label = field === '' ? path : `${path}.${field}`;
				const inner = `${key}.${field}`;
				if (!isPointer(fieldType) && depth <= EMBEDDING_BOUND && (this.types.get(this.name(fieldType))?.size ?? 0) > 0 && field !== '') {
					walk(this.name(fieldType), label, inner, depth + 1);
					continue;
				}
				const index = this.cells.length;
				this.cells.push({ name: label, initial: 0 });
				initials.push(() => {
					this.cells[index] = this.initialCell(label, `${owner}.${field}`, inner, key, field, fieldType, populated);
				});
			}
		};
		walk(type, name, type, 1);
		this.objects.push({ name, type, first, size: this.cells.length - first, live, ...(this.oracle.typeStable(type) || type === GLOBALS ? { typeStable: true } : {}) });
		return POINTER_BASE + first;
	}

	/** Type name of what a pointer cell points at in the initial world. */
	private target(key: string, type: CType): string | undefined {
		const told = this.pointsTo.get(key);
		if (told) return told;
		if (type.pointer >= 2 && !type.array && type.base !== '?' && !type.base.includes('(')) return this.indirect(type);
		if (type.pointer === 1 && type.struct && known(type)) return this.name(type);
		if (type.pointer === 1 && !type.struct && known(type) && this.types.has(this.name(type))) return this.name(type);
		return undefined;
	}

	/** `key` is the innermost struct's field, `path` that of the outermost; a container's slots are filled from its element facts. */
	private initialCell(name: string, key: string, path: string, container: string, field: string, type: CType, populated: Populated): Cell {
		const fixed = this.initial.get(path) ?? this.initial.get(container) ?? this.initial.get(key);
		if (fixed !== undefined) return { name, initial: fixed };
		if (populated === 'blank') return { name, initial: 0 };
		// Nothing is known to be on another object's lists, nor it on any.
		if (populated === 'other' && field.startsWith('__')) return { name, initial: 0 };
		const element = this.elements.get(container);
		if (element && this.emptied.has(container)) return { name, initial: 0 };
		if (field === '__slot' || field === '__slot0') {
			const entry = element ? this.canonical(element.type) + (element.member ? this.offset(element.type, element.member) : 0) : field === '__slot0' && this.asked.has(container) ? this.canonical(ENTRY) : 0;
			// What asks the entry itself whether it is on a list knows it by the list's own word.
			const either = entry !== 0 && this.asked.has(container) && !(element && this.asked.has(`${element.type}.${element.member}`));
			return { name, ...first(either ? [entry, 0] : [entry]) };
		}
		if (field === '__on') {
			for (const [holder, held] of this.elements) if (`${held.type}.${held.member}` === container) return { name, initial: this.address(holder) };
		}
		if (field.startsWith('__')) return { name, initial: 0 };
		const target = this.pointsTo.get(path) ?? this.target(key, type);
		if (isPointer(type) || target) {
			if (!target) return { name, ...first(this.domains.integers(`f:${key}`)) };
			const [owner = '', own = ''] = key.split('.');
			if (this.paired.has(target) && this.isRelative(owner, own, type)) {
				const values = this.domains.pointers(`f:${key}`, this.other(target), false);
				// Relatives end with the other one: at none where code asks for that.
				return { name, ...first(populated === 'other' && values.includes(0) ? [0] : values) };
			}
			const object = this.addresses.get(`of ${key} ${target}`) ?? this.canonical(target);
			// What stands for an array that elided code declares may hold an error, where it is asked for one.
			return { name, ...first(this.domains.pointers(`f:${key}`, object, owner === GLOBALS)) };
		}
		return { name, ...first(this.domains.integers(`f:${key}`)) };
	}

	/** The fields on a path (`type.path.to.field`), where no code of this side uses them. */
	reach(key: string): void {
		const [type = '', ...path] = key.split('.');
		let owner = type;
		for (const [depth, field] of path.entries()) {
			const last = depth === path.length - 1;
			const found = this.field(owner, field);
			const embedded = last || known(found) ? found : this.field(owner, field, { base: `~${owner}.${field}`, pointer: 0, struct: true });
			owner = this.name(embedded);
		}
	}

	/** Address of `type.path.to.field`, in the type's one instance. */
	address(key: string): number {
		if (!this.frozen) return POINTER_BASE;
		const [type = '', ...path] = key.split('.');
		let at = this.canonical(type);
		let owner = type;
		for (const field of path) {
			at += this.offset(owner, field);
			owner = this.name(this.types.get(owner)?.get(field)?.type ?? UNKNOWN);
		}
		return at;
	}
}

const first = (values: readonly number[]): { initial: number; domain?: readonly number[] } =>
	values.length > 1 ? { initial: values[0] ?? 0, domain: values } : { initial: values[0] ?? 0 };
