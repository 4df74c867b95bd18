import type { StructSource } from '../../parse/source';
import { type CType, isPointer, known, parseType, UNKNOWN } from '../values/ctype';

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

/** What links objects: such a struct's pointers to its like are the container's, not another object's. */
const LINKS: ReadonlySet<string> = new Set(['list_head', 'hlist_node', 'hlist_head', 'llist_node', 'llist_head', 'rb_node', 'rcu_head', 'callback_head', 'xarray']);
/** An embedded struct inside an embedded struct … deeper than this is one cell. */
export const EMBEDDING_BOUND = 6;

/** What the code tells of structs: the fields that it uses, what those point at, what embeds what; and, once that is settled, where in a struct a field lies. */
export class Structs {
	protected readonly types = new Map<string, Map<string, Field>>();
	/** What a `void *` or container slot points at, by the cell's key. */
	readonly pointsTo = new Map<string, string>();
	/** `container_of(U *, S, m)` facts: U → S.m. */
	private readonly embeddings = new Map<string, Set<string>>();
	/** Types of which there are objects. */
	protected readonly wanted = new Set<string>();
	protected frozen = false;
	/** A fact came up after `freeze`: lower once more. */
	changed = false;

	private embedders: Map<string, string[]> | null = null;
	private readonly offsets = new Map<string, Map<string, number>>();
	private readonly ordered = new Map<string, readonly (readonly [string, Field])[]>();

	constructor(readonly oracle: TypeOracle) {}

	protected fact(): void {
		if (this.frozen) this.changed = true;
		this.embedders = null;
		this.offsets.clear();
		this.ordered.clear();
	}

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

	/** What was a struct of its own, for want of its name, is one of this type. */
	named(owner: string, name: string, type: CType): void {
		const found = this.types.get(owner)?.get(name)?.type;
		if (!found || ![`~${owner}.${name}`, `~${owner}/${name}`].includes(found.base) || found.pointer !== type.pointer || !known(type)) return;
		this.types.get(owner)?.set(name, { type });
		this.fact();
	}

	want(type: string): void {
		if (!this.wanted.has(type)) {
			this.wanted.add(type);
			this.fact();
		}
	}

	container(embedded: string, owner: string, member: string): void {
		const places = this.embeddings.get(embedded) ?? new Set();
		if (places.has(`${owner}|${member}`)) return;
		this.embeddings.set(embedded, places.add(`${owner}|${member}`));
		this.field(owner, member, { base: embedded, pointer: 0, struct: true });
		this.fact();
	}

	pointer(key: string, type: string): void {
		if (this.pointsTo.get(key) === type || this.pointsTo.has(key)) return;
		this.pointsTo.set(key, type);
		this.fact();
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

	/** The type, and all that its objects may lie in. */
	around(type: string): ReadonlySet<string> {
		const found = new Set([type]);
		for (const inner of found) for (const outer of this.embedding(inner)) found.add(outer);
		return found;
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

	/** Where the one instance of the type lives: alone, or inside the one struct that embeds it. */
	protected home(type: string): { readonly owner: string; readonly member: string } | undefined {
		const places = this.embeddings.get(type);
		if (places?.size !== 1) return undefined;
		if (this.embedding(type).length > 1) return undefined;
		const [owner = '', member = ''] = ([...places][0] ?? '').split('|');
		return owner && owner !== type && this.home(owner)?.owner !== type ? { owner, member } : undefined;
	}

	/** The field points at an object of its own type. */
	isRelative(owner: string, field: string, type: CType): boolean {
		return type.pointer === 1 && type.struct && !type.array && this.name(type) === owner && !field.startsWith('__') && !LINKS.has(owner) && this.home(owner) === undefined;
	}

	/** Type name of what a pointer cell points at in the initial world. */
	target(key: string, type: CType): string | undefined {
		const told = this.pointsTo.get(key);
		if (told) return told;
		if (type.pointer >= 2 && !type.array && type.base !== '?' && !type.base.includes('(')) return this.indirect(type);
		if (type.pointer === 1 && type.struct && known(type)) return this.name(type);
		if (type.pointer === 1 && !type.struct && known(type) && this.types.has(this.name(type))) return this.name(type);
		return undefined;
	}

	/** Its fields in order, until another fact comes up. */
	fieldsOf(owner: string): readonly (readonly [string, Field])[] {
		const before = this.ordered.get(owner);
		if (before) return before;
		const all = [...(this.types.get(owner) ?? [])];
		// The self cell (`*lock`) comes first, so that a pointer to the struct points at it.
		const fields = [...all.filter(([name]) => name === ''), ...all.filter(([name]) => name !== '')];
		this.ordered.set(owner, fields);
		return fields;
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

	private sizeOf(type: CType, depth: number): number {
		if (isPointer(type) || depth > EMBEDDING_BOUND) return 1;
		return this.sizeOfType(this.name(type), depth);
	}

	private sizeOfType(name: string, depth: number): number {
		let size = 0;
		for (const [, field] of this.fieldsOf(name)) size += this.sizeOf(field.type, depth + 1);
		return Math.max(1, size);
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

	/** The type of a path's end (`type.path.to.field`) and where that lies in the type. */
	protected at(type: string, path: readonly string[]): number {
		let at = 0;
		let owner = type;
		for (const field of path) {
			at += this.offset(owner, field);
			owner = this.name(this.types.get(owner)?.get(field)?.type ?? UNKNOWN);
		}
		return at;
	}
}
