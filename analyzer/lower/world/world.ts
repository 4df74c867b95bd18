import { type Cell, type ObjectDecl, POINTER_BASE } from '../../../sim';
import { Containers } from './containers';
import { GLOBALS, initialCell, type Populated } from './contents';
import { type CType, isPointer, known } from '../values/ctype';
import { Domains } from './domains';
import { EMBEDDING_BOUND, Structs } from './structs';

/**
 * The small world: one instance per struct type, laid out in flat memory with just the fields that the code uses.
 * Facts are gathered while lowering; `freeze` lays them out; the lowering then runs again with real offsets.
 */
export class World extends Structs {
	readonly domains: Domains;
	readonly containers = new Containers((type) => {
		if (type !== undefined) this.want(type);
		this.fact();
	});
	/** `outline`: that is all that is asked for (outline.ts). */
	constructor(oracle: Structs['oracle'], outline = false) {
		super(oracle);
		this.domains = new Domains(outline);
	}

	private readonly parameters = new Map<string, { readonly owner: string; readonly member: string }>();
	/** Types of which another object than the one instance exists: two parameters of the type, `parent` of the type itself. */
	private readonly paired = new Set<string>();
	/** Pointer fields of a struct whose objects the code releases, by struct and by what they point at: beyond the first, each has an object of its own. */
	private readonly owners = new Map<string, string[]>();
	/** Objects besides the canonical ones: pools of `alloc` sites, stack frames. */
	private readonly extra = new Map<string, { readonly type: string; readonly live: boolean; readonly name: string; readonly begins: Populated }>();
	/** Initial values of counts and the like, by key; overrides what would be inferred. */
	readonly initial = new Map<string, number>();

	private cells: Cell[] = [];
	private objects: ObjectDecl[] = [];
	private addresses = new Map<string, number>();
	private indices = new Map<string, number>();

	/** The entry's parameter points at the member of this struct. */
	placeParameter(parameter: string, owner: string, member: string): void {
		if (this.parameters.has(parameter)) return;
		this.parameters.set(parameter, { owner, member });
		this.fact();
	}

	/** What an entry's pointer parameter is at the start; undefined when its type tells. */
	parameter(parameter: string): number | undefined {
		const placed = this.parameters.get(parameter);
		if (placed) return this.canonical(placed.owner) + this.at(placed.owner, placed.member.split('.'));
		const told = this.pointsTo.get(`p:${parameter}`);
		return told === undefined ? undefined : this.canonical(told);
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

	isPaired(type: string): boolean {
		return this.paired.has(type);
	}

	/** The code releases what the field (`foo.rx_ring`) points at. Two such fields of a struct do not hold the same object; nor do two of different structs that are both known, where they are freed outright. */
	owns(field: string, type: string, outright = false): void {
		const owner = field.slice(0, field.indexOf('.'));
		const group = `${outright && this.oracle.struct(owner) ? '' : owner} ${type}`;
		const fields = this.owners.get(group) ?? [];
		if (fields.includes(field)) return;
		this.owners.set(group, [...fields, field]);
		if (fields.length > 0) this.fact();
	}

	/** What the field points at in the beginning: an object of its own, if it owns one. */
	owned(field: string, type: string): number {
		return this.addresses.get(`of ${field} ${type}`) ?? this.canonical(type);
	}

	/** Index of a pool object or of a stack object's memory; asked for by a stable id of its place in the code. */
	private claim(id: string, type: string, live: boolean, name: string, begins: Populated = 'blank'): void {
		if (this.extra.has(id)) return;
		this.extra.set(id, { type, live, name, begins });
		this.fact();
	}

	pool(id: string, type: string, begins: Populated): number {
		this.claim(`pool ${id}`, type, false, `new ${type}`, begins);
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

	get layout(): { readonly cells: readonly Cell[]; readonly objects: readonly ObjectDecl[] } {
		return { cells: this.cells, objects: this.objects };
	}

	/** Lays memory out from the facts gathered so far. */
	freeze(): void {
		this.frozen = true;
		this.domains.begin();
		// What turns up while cells get their contents is laid out as well, and no reason to lower once more.
		do {
			this.changed = false;
			this.wantPointees();
			if (!this.changed) this.layOut();
		} while (this.changed);
	}

	private layOut(): void {
		this.cells = [];
		this.objects = [];
		this.addresses = new Map();
		this.indices = new Map();
		const initials: (() => void)[] = [];
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
			for (const field of fields.slice(1)) if (!this.addresses.has(`of ${field} ${type}`)) this.addresses.set(`of ${field} ${type}`, this.place(type, `${type} of ${field}`, true, 'other', initials));
		}
		for (const [id, { type, live, name, begins }] of this.extra) {
			this.addresses.set(id, this.place(type, name, live, begins, initials));
			this.indices.set(id, this.objects.length - 1);
		}
		for (const set of initials) set();
	}

	/** What entries are passed exists, and the pointees of pointer fields do. */
	private wantPointees(): void {
		for (const [key, type] of this.pointsTo) if (key.startsWith('p:')) this.want(type);
		for (const type of this.wanted) {
			const home = this.home(type);
			if (home) this.wanted.add(home.owner);
			for (const [field, { type: declared }] of this.fieldsOf(type)) {
				const target = this.target(`${type}.${field}`, declared);
				if (target) this.wanted.add(target);
				if (this.isRelative(type, field, declared)) this.paired.add(type);
			}
		}
	}

	/** What a variable of this type may point at exists. */
	wantPointee(type: CType): void {
		if (type.pointer > 0 && known(type)) this.want(type.pointer === 1 ? this.name(type) : this.indirect(type));
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
					this.cells[index] = initialCell(this, { name: label, key: `${owner}.${field}`, path: inner, container: key, field, type: fieldType }, populated);
				});
			}
		};
		walk(type, name, type, 1);
		this.objects.push({ name, type, first, size: this.cells.length - first, live, ...(this.oracle.typeStable(type) || type === GLOBALS ? { typeStable: true } : {}) });
		return POINTER_BASE + first;
	}

	/** Address of `type.path.to.field`, in the type's one instance. */
	address(key: string): number {
		const [type = '', ...path] = key.split('.');
		this.want(type);
		return this.frozen ? this.canonical(type) + this.at(type, path) : POINTER_BASE;
	}
}
